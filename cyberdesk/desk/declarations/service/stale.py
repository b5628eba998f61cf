"""Drafts that nobody came back to: their key is destroyed, and with it what was typed."""

from datetime import timedelta

from sqlalchemy import or_, select

from cyberdesk.core import clock
from cyberdesk.core.access import system
from cyberdesk.core.audit import record
from cyberdesk.core.crypto import vault
from cyberdesk.core.db import atomic, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.desk.declarations import pace
from cyberdesk.desk.declarations.models import DRAFT, DROPPED, Declaration

KEPT = timedelta(days=30)
KEPT_EMPTY = timedelta(days=1)
_AT_ONCE = 200
_HOUSE = system("declarations")


def drop_stale() -> int:
    """Drop drafts that were not touched for KEPT, untouched ones sooner; return how many."""
    now = clock.now()
    with atomic(SYSTEM):
        old = or_(
            Declaration.saved_at < now - KEPT,
            (Declaration.edition == 0) & (Declaration.saved_at < now - KEPT_EMPTY),
        )
        wanted = select(Declaration).where(Declaration.state == DRAFT, old)
        found = session().scalars(
            wanted.limit(_AT_ONCE).with_for_update(skip_locked=True, of=Declaration)
        )
        drafts = found.all()
        for declaration in drafts:
            _drop(declaration)
        pace.forget_idle()
        return len(drafts)


def _drop(declaration: Declaration) -> None:
    declaration.state = DROPPED
    declaration.answers_sealed = declaration.typed_name_sealed = None
    declaration.their_reference_sealed = None
    record(_HOUSE, "declaration:drop", declaration)
    session().flush()
    vault.shred(declaration.key_id)
