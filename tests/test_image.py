"""The image and the composition: what is built is what is pinned, and both files say what they mean.

No container is made here: the commands of the Dockerfile were run by hand, and `tests/cli/test_wheel.py`
runs the house from the wheel that it installs.
"""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import yaml
from compose_spec import PyCompose

ROOT = Path(__file__).parents[1]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
INTERPOLATED = re.compile(r"\$\{\w+:([-?])([^}]*)\}")


def pinned(lock):
    lines = (ROOT / lock).read_text()
    return dict(re.findall(r"^([a-z0-9][a-z0-9._-]*)==([^\s;]+)", lines, re.MULTILINE))


def named(requirements):
    return {re.match(r"[\w-]+", one)[0].lower() for one in requirements}


def compose():
    """The file as the operator's machine reads it, with the defaults of its variables."""
    text = (ROOT / "compose.yaml").read_text()
    return INTERPOLATED.sub(lambda found: found[2] if found[1] == "-" else "given", text)


def test_the_image_carries_nothing_that_only_tests_need():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    runs, tests = pinned("requirements.lock"), pinned("requirements-dev.lock")
    ours = named(project["project"]["dependencies"])
    assert ours <= runs.keys()
    assert not (named(project["dependency-groups"]["dev"]) - ours) & runs.keys()
    installed = re.findall(r"uv pip install (.*)", DOCKERFILE)
    assert [one for one in installed if "-r requirements-dev.lock" in one] == []
    assert {name: (runs[name], tests[name]) for name in runs.keys() & tests.keys()} == {
        name: (runs[name], runs[name]) for name in runs.keys() & tests.keys()
    }, "run make lock: the two files pin different versions"


def test_the_build_uses_the_pinned_tools():
    assert f"uv=={pinned('requirements-dev.lock')['uv']} " in DOCKERFILE
    assert "--build-constraints requirements-dev.lock" in DOCKERFILE
    assert "hatchling" in pinned("requirements-dev.lock")


def test_the_dockerfile_is_clean():
    hadolint = Path(sys.executable).with_name("hadolint")
    said = subprocess.run(
        [hadolint, ROOT / "Dockerfile"], check=False, capture_output=True, text=True
    )
    assert (said.returncode, said.stdout) == (0, "")


def test_the_composition_is_one():
    whole = yaml.safe_dump(yaml.safe_load(compose()))
    PyCompose.from_yaml(whole).validate()


def test_the_composition_sets_only_what_is_read():
    page = (ROOT / "docs" / "operators" / "settings.md").read_text()
    known = set(re.findall(r"^\| `(CYBERDESK_\w+)`", page, re.MULTILINE))
    services = yaml.safe_load(compose())["services"]
    told = {name for one in services.values() for name in one.get("environment", {})}
    assert {name for name in told if name.startswith("CYBERDESK_")} <= known


def test_keys_are_mounted_as_a_folder_so_that_renewed_ones_are_seen():
    services = yaml.safe_load(compose())["services"]
    for one in (service for service in services.values() if "build" in service):
        keys = {one["environment"][f"CYBERDESK_{name}_FILE"] for name in ("KEYRING", "SIGNING_KEY")}
        assert keys == {"/run/secrets/keyring.json", "/run/secrets/journal.key"}
        assert "./secrets:/run/secrets:ro" in one["volumes"]


def test_no_service_of_ours_runs_with_rights_it_does_not_need():
    services = yaml.safe_load(compose())["services"]
    ours = [one for one in services.values() if "build" in one]
    assert len(ours) == 4
    for one in ours:
        assert one["read_only"]
        assert one["cap_drop"] == ["ALL"]
        assert one["security_opt"] == ["no-new-privileges:true"]
    assert re.search(r"^USER 10001$", DOCKERFILE, re.MULTILINE)
