"""A wheel installed elsewhere carries everything: it is built, installed apart, and used from there."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import psycopg
import pytest

import cyberdesk

REPOSITORY = Path(cyberdesk.__file__).parent.parent
# Where each folder of the repository lies in the wheel.
CARRIED = {
    "cyberdesk": "cyberdesk",
    "playbooks": "cyberdesk/_shipped/playbooks",
    "integrations": "cyberdesk/_shipped/integrations",
}
_LEFT = {".pyc", ".stamp"}

USE = """
import json, sys
from pathlib import Path
import cyberdesk
from cyberdesk.app import create_app
from cyberdesk.core.text import LANGUAGES, _, speaking
from cyberdesk.desk.connectors.catalogue import catalogue
with speaking("fr"):
    french = str(_("Sign in"))
browser = create_app().test_client()
pages = {path: browser.get(path, headers={"Accept-Language": "fr"}) for path in sys.argv[1:]}
print(json.dumps({
    "from": cyberdesk.__file__,
    "connectors": sorted(one.kind().__name__ for one in catalogue().values()),
    "french": french,
    "pages": {path: page.status_code for path, page in pages.items()},
    "style": pages["/declarer"].text.count("/static/built/"),
}))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel"]
    subprocess.run([*build, "--directory", folder], cwd=REPOSITORY, check=True, capture_output=True)
    [made] = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def elsewhere(wheel, tmp_path_factory) -> Path:
    """Unpacked as an installer does; the libraries are those of this environment."""
    folder = tmp_path_factory.mktemp("elsewhere")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(folder)
    return folder


def wanted():
    for folder, place in CARRIED.items():
        root = REPOSITORY / folder
        for path in sorted(root.rglob("*")):
            made = {"__pycache__", "_shipped"} & set(path.relative_to(root).parts)
            if path.is_file() and not made and not {path.suffix, path.name} & _LEFT:
                yield f"{place}/{path.relative_to(root)}"


def test_every_file_is_in_it(wheel):
    with zipfile.ZipFile(wheel) as packed:
        carried = set(packed.namelist())
    lacking = sorted(set(wanted()) - carried)
    assert lacking == []
    for kind in ("/static/built/app.", ".po", ".yaml", ".html", ".sql", ".typ", "/mails/"):
        assert any(kind in name for name in carried), f"there is nothing like {kind} to carry"


def test_nothing_of_the_workshop_is_in_it(wheel):
    with zipfile.ZipFile(wheel) as packed:
        tops = {name.split("/")[0] for name in packed.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"cyberdesk"}


def run(elsewhere, data, dsn, *arguments):
    settings = {
        "DATABASE_URL": dsn,
        "REDIS_URL": "unix:///nowhere",
        "DATA_DIR": str(data),
        "BASE_URL": "http://localhost",
    }
    environment = {f"CYBERDESK_{name}": value for name, value in settings.items()}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=data,
        env=environment | {"PYTHONPATH": str(elsewhere), "PYTHONDONTWRITEBYTECODE": "1"},
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def test_it_works_from_there(elsewhere, schema, tmp_path):
    plain = schema.replace("+psycopg", "")
    with psycopg.connect(plain, autocommit=True) as raw:
        raw.execute("CREATE DATABASE wheel")
    try:
        dsn = plain.replace("/cyberdesk?", "/wheel?")
        said = run(elsewhere, tmp_path, dsn, "-m", "cyberdesk", "init")
        assert "first_administrator" in said
        used = json.loads(run(elsewhere, tmp_path, dsn, "-c", USE, "/", "/declarer", "/readyz"))
        with psycopg.connect(dsn, options="-c cyberdesk.system=on") as raw:
            [published] = raw.execute("SELECT count(*) FROM playbook_versions").fetchone()
            [known] = raw.execute("SELECT count(*) FROM organisations").fetchone()
    finally:
        with psycopg.connect(plain, autocommit=True) as raw:
            raw.execute("DROP DATABASE wheel (FORCE)")
    assert used["from"].startswith(str(elsewhere))
    assert {"Mail", "Webhook"} <= set(used["connectors"])
    assert used["french"] == "Se connecter"
    assert set(used["pages"].values()) == {200}
    assert used["style"] > 0
    assert published >= 4
    assert known >= 946
