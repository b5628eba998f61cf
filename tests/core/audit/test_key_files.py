"""A process that runs learns that the signing key was replaced, and loses none of its trust."""

import pytest

from cyberdesk.core.access import system
from cyberdesk.core.audit import checkpoints, record, verdicts
from cyberdesk.core.audit.key_files import open_signer, renew_signer
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM


@pytest.fixture
def path(tmp_path):
    made = tmp_path / "journal.key"
    open_signer(made, host="desk.example", create=True)
    checkpoints.follow(made)
    yield made
    checkpoints.use(None)


def written():
    with atomic(SYSTEM):
        record(system("engine"), "run:step")
    return checkpoints.checkpoint().note


def test_the_journal_is_signed_on_with_the_new_key(database, path):
    former = checkpoints.signer().verifier
    assert former.name in written()
    new = renew_signer(path, host="desk.example").verifier
    assert new.name in written()
    assert checkpoints.trusted() == [new, former]
    assert verdicts.judge(system("sweeper")).fault == ""


def test_keys_that_cannot_be_read_for_the_moment_are_the_ones_read_last(path):
    held = checkpoints.signer()
    text = path.read_text()
    path.unlink()
    assert checkpoints.signer() == held
    path.write_text("no key")
    path.chmod(0o600)
    assert checkpoints.signer() == held
    path.write_text(text)
    assert checkpoints.signer().verifier == held.verifier
