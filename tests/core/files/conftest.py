import io
from types import SimpleNamespace
from uuid import uuid4

import pytest

from cyberdesk.core.access.actor import Actor, ActorKind
from cyberdesk.core.crypto import vault
from cyberdesk.core.db import Scope, atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.files import blobs, service
from cyberdesk.core.files.models import StoredFile

EVE = Actor(ActorKind.PERSON, uuid4(), "Ève")


class Desk:
    """A store, and two declarations with a key each."""

    def __init__(self, root) -> None:
        self.root = root
        self.one, self.two = self.declaration(), self.declaration()

    def declaration(self):
        with atomic(SYSTEM):
            return SimpleNamespace(id=uuid4(), key_id=vault.create_key("declaration"))

    def keep(
        self, content: bytes, *, owner=None, label="note de rançon.png", **options
    ) -> StoredFile:
        owner = owner or self.one
        with atomic(Scope(declarations=frozenset({owner.id}))):
            return service.store(
                EVE,
                io.BytesIO(content),
                key_id=owner.key_id,
                label=label,
                declaration_id=owner.id,
                **options,
            )

    def read(self, file) -> bytes:
        with atomic(SYSTEM):
            pieces = service.read(EVE, file)
        return b"".join(pieces)

    def on_disk(self) -> list:
        return sorted(path for path in self.root.rglob("*") if path.is_file())


@pytest.fixture
def desk(database, tmp_path):
    blobs.use(blobs.Blobs(tmp_path / "files"))
    yield Desk(tmp_path / "files")
    blobs.use(None)
