"""`cyberdesk playbook`: files in, files out, and exit codes that a pipeline can go by."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from lxml import etree

from cyberdesk.desk.playbooks.canonical import canonical
from cyberdesk.desk.playbooks.exchange.secrets import take_out
from cyberdesk.desk.playbooks.exchange.writing import as_json, as_yaml
from cyberdesk.desk.playbooks.language.findings import Findings
from cyberdesk.desk.playbooks.language.nodes import plain
from cyberdesk.desk.playbooks.language.read import read_text
from tests.desk.playbooks.cacao_samples import files, needs_samples, schemas
from tests.desk.playbooks.written import ROOT, documented, playbook

SHIPPED = ROOT / "playbooks/cyber/phishing.yaml"


@pytest.fixture
def run(command, tmp_path):
    def playbook_command(name: str, *arguments: object) -> Result:
        return command("playbook", name, "--lang", "en", *arguments)

    return playbook_command


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    path = tmp_path / "defacement.yaml"
    path.write_text(documented())
    return path


@pytest.fixture
def keys(tmp_path: Path) -> tuple[Path, Path]:
    """A private key, and its public one in a file called after its owner."""
    made = ed25519.Ed25519PrivateKey.generate()
    private, public = tmp_path / "key.pem", tmp_path / "region.pem"
    private.write_bytes(_pem(made))
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    public.write_bytes(made.public_key().public_bytes(serialization.Encoding.PEM, form))
    return private, public


def _pem(key: Any) -> bytes:
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())


def held(path: Path) -> Any:
    return plain(read_text(path.read_bytes(), Findings()))


@needs_samples
@pytest.mark.parametrize("path", files(), ids=lambda path: path.stem)
def test_every_sample_comes_in_and_goes_out_equal(run, tmp_path: Path, path: Path) -> None:
    inside, outside = tmp_path / "in.yaml", tmp_path / "out.json"
    brought = run("import", path, "--to", inside)
    assert brought.exit_code == 0, brought.output
    assert run("export", inside, "--to", outside).exit_code == 0
    given = json.loads(path.read_text())
    clean, taken = take_out(given)
    assert canonical(json.loads(outside.read_text())) == canonical(clean)
    told = [line for line in brought.stderr.splitlines() if "secret-taken-out" in line]
    assert len(told) == len(taken)
    for one in taken:
        assert any(one.reference in line for line in told)
        for secret in one.fields.values():
            assert f": {secret}\n" not in inside.read_text()
    if not taken:
        assert canonical(clean) == canonical(given)


@needs_samples
def test_ours_goes_out_valid_and_comes_back_equal(run, tmp_path: Path, ours: Path) -> None:
    first, inside, second = (tmp_path / name for name in ("a.json", "b.yaml", "c.json"))
    assert run("export", ours, "--to", first).exit_code == 0
    assert not list(schemas().iter_errors(json.loads(first.read_text())))
    assert run("import", first, "--to", inside).exit_code == 0
    assert run("export", inside, "--to", second).exit_code == 0
    assert canonical(held(second)) == canonical(held(first)) == canonical(held(inside))


def test_a_playbook_that_calls_another_finds_it_beside_it(run, tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    assert run("export", SHIPPED, "--to", target).exit_code == 0
    calls = [s for s in held(target)["workflow"].values() if s["type"] == "playbook-action"]
    assert all(one["playbook_version"] for one in calls)
    assert calls


def test_nothing_is_written_over_unless_asked(run, tmp_path: Path, ours: Path) -> None:
    target = tmp_path / "out.json"
    target.write_text("mine")
    refused = run("export", ours, "--to", target)
    assert (refused.exit_code, target.read_text()) == (2, "mine")
    assert "--force" in refused.stderr
    assert run("export", ours, "--to", target, "--force").exit_code == 0
    assert held(target)["type"] == "playbook"


def test_lint_ends_with_what_it_found(run, tmp_path: Path, ours: Path) -> None:
    good = run("lint", ours)
    assert (good.exit_code, good.stdout[-72:-65]) == (0, "sha256:")
    broken = tmp_path / "broken.yaml"
    broken.write_text(playbook("a: {task: {fr: A, en: A}, who: nobody}"))
    found = run("lint", tmp_path)
    assert found.exit_code == 1
    assert f"{broken}:11:" in found.stdout
    assert run("lint", tmp_path / "nowhere.yaml").exit_code == 2
    assert run("lint", tmp_path / "*.toml").exit_code == 2
    assert run("lint", tmp_path / "def*.yaml").exit_code == 0


def test_lint_knows_what_connectors_offer(run, tmp_path: Path) -> None:
    path = tmp_path / "act.yaml"
    path.write_text(playbook("a: {do: mail.send_it, with: {}}"))
    found = run("lint", path)
    assert found.exit_code == 1
    assert "unknown-action" in found.stdout
    assert "mail.send" in found.stdout


def test_lint_for_programs(run, tmp_path: Path) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text(playbook("a: {task: {fr: A, en: A}, who: nobody}"))
    (one,) = json.loads(run("lint", path, "--format", "json").stdout)["files"]
    assert (one["hash"], one["findings"][0]["code"]) == (None, "unknown-role")
    log = json.loads(run("lint", path, "--format", "sarif").stdout)
    (result,) = log["runs"][0]["results"]
    assert result["ruleId"] in {rule["id"] for rule in log["runs"][0]["tool"]["driver"]["rules"]}
    region = result["locations"][0]["physicalLocation"]["region"]
    assert (log["version"], result["level"], region["startLine"]) == ("2.1.0", "error", 11)


def test_signed_verified_changed(run, tmp_path: Path, ours: Path, keys) -> None:
    private, public = keys
    target = tmp_path / "signed.json"
    run("export", ours, "--to", target)
    assert run("verify", target).exit_code == 1  # by nobody
    assert run("sign", target, "--key", private, "--as", "Région").exit_code == 0
    trusted = run("verify", target, "--key", public)
    assert trusted.exit_code == 0
    assert "Signed by region (known key), as “Région”" in trusted.stdout
    alone = run("verify", target)
    assert alone.exit_code == 0
    assert "key unknown here" in alone.stdout
    (signature,) = held(target)["signatures"]
    assert run("sign", target, "--key", private, "--countersign", signature["id"]).exit_code == 0
    assert run("verify", target, "--key", public).stdout.count("known key") == 2
    target.write_text(target.read_text().replace("CyberDesk", "CyberDisk", 1))
    changed = run("verify", target, "--key", public)
    assert changed.exit_code == 1
    assert "changed after it was signed" in changed.stdout


def test_another_key_than_the_one_given(run, tmp_path: Path, ours: Path, keys) -> None:
    target, other = tmp_path / "signed.yaml", tmp_path / "other.pem"
    run("export", ours, "--to", target)
    other.write_bytes(_pem(rsa.generate_private_key(65537, 2048)))
    assert run("sign", target, "--key", other).exit_code == 0
    assert run("verify", target).exit_code == 0
    assert run("verify", target, "--key", keys[1]).exit_code == 1


def test_what_cannot_be_signed_says_what_to_do(run, tmp_path: Path, ours: Path, keys) -> None:
    refused = run("sign", ours, "--key", keys[0])
    assert refused.exit_code == 2
    assert "export it first" in refused.stderr
    target = tmp_path / "out.json"
    run("export", ours, "--to", target)
    no_key = run("sign", target, "--key", ours)
    assert (no_key.exit_code, "not a key in PEM" in no_key.stderr) == (2, True)
    hmac = run("sign", target, "--key", keys[0], "--algorithm", "HS256")
    assert (hmac.exit_code, "usual one" in hmac.stderr) == (2, True)
    assert "signatures" not in held(target)


def test_the_differences_are_told(run, tmp_path: Path, ours: Path) -> None:
    new = tmp_path / "new.yaml"
    new.write_text(documented().replace("within: 30m", "within: 45m", 1))
    assert run("diff", ours, ours).exit_code == 0
    found = run("diff", ours, new)
    assert found.exit_code == 1
    assert "Deadline: 30" in found.stdout


def test_a_picture_holds_every_step(run, tmp_path: Path) -> None:
    target = tmp_path / "drawn.svg"
    assert run("graph", SHIPPED, "--to", target).exit_code == 0
    drawn = etree.parse(str(target))
    titles = set(drawn.xpath("//*[local-name()='g']/*[local-name()='title']/text()"))
    assert "Keep the message, untouched" in titles
    words = run("graph", SHIPPED).stdout
    assert words.startswith("flowchart TD\n")
    assert all(title.replace("'", "&#x27;") in words for title in titles)


@pytest.mark.parametrize(
    "text",
    [
        "yes",
        "1e3",
        "0x1f",
        "null",
        "~",
        "",
        " x",
        "x ",
        "a\nb\n",
        "a\r\nb",
        "\u200bx",
        "\u2028",
        "\x85",
        "\x07",
        "- x",
        "x: y",
        "#x",
        "2026-11-22",
        "1_000",
        "💥",
    ],
)
def test_yaml_reads_back_what_was_written(text: str) -> None:
    made = {"text": text, text or "x": [text, {"deep": text}], "n": [0.1, 1e-7, 1e20, -0.0, 12345]}
    for written in (as_yaml(made), as_json(made)):
        assert canonical(plain(read_text(written, Findings()))) == canonical(made)


def test_french_by_the_environment(command, monkeypatch, tmp_path: Path) -> None:
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("LC_MESSAGES", raising=False)
    monkeypatch.setenv("LANG", "fr_FR.UTF-8")
    assert "lu" in command("playbook", "lint", tmp_path / "x.yaml").stderr
    monkeypatch.setenv("LANG", "C.UTF-8")
    assert "read" in command("playbook", "lint", tmp_path / "x.yaml").stderr


def test_a_case_is_played_as_it_would_go(run, ours: Path) -> None:
    told = run("simulate", ours, "--script", "look: {clean: true}")
    assert told.exit_code == 0
    assert "Take pictures of the changed pages: Waits for the town hall’s answer" in told.stdout
    assert "The website is back online" in told.stdout
    assert "Could not finish" in run("simulate", ours).stdout, "the site is never clean"
    late = run("simulate", ours, "--script", "capture: nobody")
    assert "If the time passes" in late.stdout
    assert run("simulate", ours, "--script", "captur: nobody").exit_code == 2


def test_every_way_is_played_or_named(run, tmp_path: Path, ours: Path) -> None:
    full = run("simulate", ours, "--all-branches", "--require-full", "--format", "json")
    assert full.exit_code == 0
    (one,) = json.loads(full.stdout).values()
    assert one["ways"] == one["taken"]
    path = tmp_path / "never.yaml"
    step = "{task: {fr: A, en: A}, who: lead}"
    asked = "ask: {n: {label: {fr: N, en: N}, type: integer}}"
    first = f"a: {{task: {{fr: A, en: A}}, who: lead, {asked}}}"
    path.write_text(
        playbook(f"{first}\nb: {{if: n > 5 and n < 3, then: {{c: {step}}}, unknown: next}}")
    )
    partly = run("simulate", path, "--all-branches", "--require-full", "--seconds", "0.3")
    assert partly.exit_code == 1
    assert "Ways that no play has taken" in partly.stdout
    assert run("simulate", path, "--all-branches", "--seconds", "0.3").exit_code == 0


def test_what_has_faults_is_not_played(run, tmp_path: Path) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text(playbook("a: {task: {fr: A, en: A}, who: nobody}"))
    told = run("simulate", path)
    assert told.exit_code == 1
    assert "unknown-role" in told.stderr
