"""Taking files out of the store, and never one that somebody is just keeping again."""

from sqlalchemy import func, select

from cyberdesk.core.db import atomic, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.files.blobs import blobs
from cyberdesk.core.files.models import ERASED, StoredFile


def hold(address: bytes) -> None:
    """Let nobody else keep or discard what lies at `address` until this transaction ends."""
    key = int.from_bytes(address[:8], "big", signed=True)
    session().execute(select(func.pg_advisory_xact_lock(key)))


def discard(address: bytes) -> bool:
    """Remove what lies at `address` unless a file still stands for it; say whether it went."""
    with atomic(SYSTEM):
        hold(address)
        if known([address]):
            return False
        blobs().remove(address)
        return True


def known(addresses: list[bytes]) -> set[bytes]:
    """Return those of `addresses` for which a file stands."""
    living = select(StoredFile.address).where(
        StoredFile.address.in_(addresses), StoredFile.state != ERASED
    )
    return set(session().scalars(living))
