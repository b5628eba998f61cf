"""Which rows the transaction under way holds: it has locked them, or it has made them.

Nobody else can have changed such a row since, so that it need not be locked and read again.
"""

from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from cyberdesk.core.db.base import Row
from cyberdesk.core.db.work import session

_HELD, _NEW = "rows held", "rows made"


def hold(row: Row) -> None:
    """Note that this transaction has locked the row and read it since."""
    _noted(_HELD).add(_name(row))


def hold_new(row: Row) -> None:
    """Note that this transaction makes the row: whatever belongs to it comes after."""
    hold(row)
    _noted(_NEW).add(_name(row))


def is_held(row: Row) -> bool:
    return _name(row) in _noted(_HELD)


def is_new(row: Row) -> bool:
    """Say whether this transaction made the row: what belongs to it is what was kept (`keep`)."""
    return _name(row) in _noted(_NEW)


def _name(row: Row) -> tuple[type[Row], Any]:
    return type(row), row.id


def _noted(kind: str) -> set[tuple[type[Row], Any]]:
    noted: set[tuple[type[Row], Any]] = session().info.setdefault(kind, set())
    return noted


@event.listens_for(Session, "after_soft_rollback")
@event.listens_for(Session, "after_commit")
def _let_go(ended: Session, *_: Any) -> None:
    # A savepoint that is undone lets go of what was locked within it: lock anew, to be sure.
    ended.info.pop(_HELD, None)
    ended.info.pop(_NEW, None)
