"""All of France comes from the real package."""

import json
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest
from sqlalchemy import func, select

from cyberdesk.core.access import system
from cyberdesk.core.access.directory import find_organisations, load_directory
from cyberdesk.core.access.directory.national import import_directory
from cyberdesk.core.access.models import Organisation
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.errors import ForbiddenError, InvalidError
from tests.factories import actor_of, make_person

PACKAGE = "@etalab/decoupage-administratif@6.0.0"
NPM = next(
    (Path(p) for p in (shutil.which("npm"), ".venv/bin/npm") if p and Path(p).exists()), None
)


@pytest.fixture(scope="session")
def archive(tmp_path_factory) -> Path:
    """The package as npm gives it; skipped only when the registry cannot be reached."""
    if NPM is None:
        pytest.skip("no npm on this machine")
    folder = tmp_path_factory.mktemp("npm")
    done = subprocess.run(
        [NPM, "pack", PACKAGE], cwd=folder, capture_output=True, text=True, timeout=90, check=False
    )
    if done.returncode:
        pytest.skip(f"the npm registry does not answer: {done.stderr[-200:]}")
    return next(folder.glob("*.tgz"))


def take(source: Path) -> int:
    with atomic(SYSTEM):
        return import_directory(system("test"), source=source)


def test_the_whole_country_and_the_region_within_it(database, archive):
    load_directory()
    take(archive)
    with atomic() as session:
        count = session.scalar(select(func.count()).where(Organisation.kind == "commune"))
        region = session.scalar(
            select(func.count()).where(
                Organisation.kind == "commune", Organisation.facts["region"].astext == "93"
            )
        )
        marseille = find_organisations("marseille")[0]
        assert marseille.facts["nis2_bill"] == "EE"  # known to the region's file only
        assert find_organisations("st denis", kinds=["commune"])[0].code in {"93066", "97411"}
    assert (count, region) == (34_969, 946)
    assert load_directory() == 0
    assert take(archive) == 0


def test_a_folder_will_do(database, archive, tmp_path):
    with tarfile.open(archive) as opened:
        opened.extractall(tmp_path, filter="data")
    tables = {"communes": 2, "regions": 26, "departements": 109, "arrondissements": 0, "ept": 0}
    for name, kept in tables.items():
        path = tmp_path / "package/data" / f"{name}.json"
        path.write_text(json.dumps(json.loads(path.read_text())[:kept]))
    (tmp_path / "package/data/epci.json").write_text("[]")
    assert take(tmp_path / "package") == 26 + 109 + 2


@pytest.mark.parametrize("content", [b"", b"not an archive", b"\x1f\x8b\x08\x00rubbish"])
def test_another_file_is_refused_with_what_to_do(database, tmp_path, content):
    path = tmp_path / "package.tgz"
    path.write_bytes(content)
    with pytest.raises(InvalidError) as refusal:
        take(path)
    assert "npm pack" in str(refusal.value.hint)


def test_an_empty_folder_is_refused(database, tmp_path):
    with pytest.raises(InvalidError):
        take(tmp_path)


def test_only_an_administrator_imports(database, tmp_path):
    responder = actor_of(make_person("responder"))
    with pytest.raises(ForbiddenError), atomic(responder.scope):
        import_directory(responder, source=tmp_path)
