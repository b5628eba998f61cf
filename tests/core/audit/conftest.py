"""A journal with entries, and what somebody with a superuser's rights can do to it."""

from types import SimpleNamespace
from uuid import uuid4

import psycopg
import pytest

from cyberdesk.core.access.actor import Actor, ActorKind
from cyberdesk.core.audit import checkpoints, record
from cyberdesk.core.audit.checkpoints import checkpoint
from cyberdesk.core.audit.sequencer import integrate_all
from cyberdesk.core.audit.stored import check
from cyberdesk.core.crypto import vault
from cyberdesk.core.crypto.signing import Signer
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM

LEA = Actor(ActorKind.PERSON, uuid4(), 'Léa "d’Or" O\\Neill')


class Journal:
    def __init__(self, url: str) -> None:
        self.url = url
        self.signer = Signer.generate("desk.example/journal/0123abcd")
        checkpoints.use(self.signer)

    def write(self, count: int = 1, *, subject=None, **payload) -> list:
        with atomic(SYSTEM):
            entries = [record(LEA, "case:note", subject, {"n": n, **payload}) for n in range(count)]
        integrate_all()
        return entries

    def case(self):
        """Return the like of a row of a case with its own key."""
        with atomic(SYSTEM):
            key_id = vault.create_key("case")
        return SimpleNamespace(id=uuid4(), case_id=uuid4(), key_id=key_id)

    def sign(self):
        return checkpoint()

    def check(self, *witnessed: str, key=None):
        return check(self.url, [key or self.signer.verifier], witnessed)

    def tamper(self, statement: str, *values) -> None:
        """Run `statement` as a superuser who switches the triggers off."""
        with psycopg.connect(self.url.replace("+psycopg", "")) as connection:
            connection.execute("SET session_replication_role = replica")
            assert connection.execute(statement, values).rowcount, "nothing was tampered with"

    def ask(self, statement: str, *values):
        with psycopg.connect(self.url.replace("+psycopg", "")) as connection:
            return connection.execute(statement, values).fetchone()


@pytest.fixture
def journal(database, schema):
    yield Journal(schema)
    checkpoints.use(None)
