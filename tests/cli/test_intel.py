"""`cyberdesk intel export`: a case as a bundle, from the command line of the running house."""

import json

import pytest
import stix2
from sqlalchemy import select

from cyberdesk.core.audit.models import AuditEntry
from cyberdesk.core.crypto import vault
from cyberdesk.core.crypto.keyring_file import open_keyring
from cyberdesk.core.db import atomic, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.desk.cases.models import Case
from tests.desk.cases.conftest import world  # noqa: F401
from tests.desk.intel.conftest import add
from tests.desk.intel.test_export import wrong_with


@pytest.fixture
def reference(database, server_folder, world):  # noqa: F811
    """A case with observables, under the keyring that the command opens."""
    vault.use(open_keyring(server_folder / "secrets" / "keyring.json", create=True))
    return open_case(world)


def open_case(of, **given):
    case_id = of.open_case(**given)
    add(of.responder, case_id)
    with atomic(SYSTEM) as s:
        return s.get_one(Case, case_id).reference


def exports():
    with atomic(SYSTEM):
        wanted = select(AuditEntry).where(AuditEntry.action == "observable:export")
        return session().scalars(wanted).all()


def test_a_case_is_written_to_a_file(command, server_folder, reference, tmp_path):
    out = tmp_path / "bundle.json"
    done = command("intel", "export", reference, "--tlp", "amber", "--out", out, "--data",
                   server_folder)  # fmt: skip
    assert done.exit_code == 0, done.stderr
    text = out.read_text(encoding="utf-8")
    assert wrong_with(text) == []
    assert stix2.parse(text, allow_custom=True).id == json.loads(text)["id"]
    assert "Saint-Exemple" not in text
    assert "10[.]20[.]30[.]40" in done.stderr  # what stays behind is said, beside the bundle
    assert done.stdout == ""
    [entry] = exports()
    assert entry.actor_name == "command line"


def test_without_a_file_the_bundle_can_be_piped_on(command, server_folder, reference):
    done = command("intel", "export", reference, "--data", server_folder)
    assert json.loads(done.stdout)["type"] == "bundle"
    assert "Saint-Exemple" in done.stdout  # AMBER+STRICT stays inside


def test_looking_is_no_export(command, server_folder, reference):
    done = command("intel", "export", reference, "--dry-run", "--tlp", "green", "--data",
                   server_folder)  # fmt: skip
    assert (done.exit_code, done.stdout) == (0, "")
    assert "Leaves:" in done.stderr
    assert exports() == []


def test_an_exercise_never_leaves(command, server_folder, reference, world):  # noqa: F811
    drill, at = open_case(world, exercise=True), ("--data", server_folder)
    refused = command("intel", "export", drill, "--tlp", "green", "--exercise", *at)
    assert refused.exit_code == 1
    assert "{" not in refused.stdout
    assert command("intel", "export", drill, *at).exit_code == 1
    assert command("intel", "export", drill, "--exercise", *at).exit_code == 0
    assert command("intel", "export", reference, "--exercise", *at).exit_code == 1


def test_no_such_case_is_said(command, server_folder, reference):
    assert reference
    done = command("intel", "export", "CD-000-000", "--data", server_folder)
    assert done.exit_code == 1
    assert done.stdout == ""
