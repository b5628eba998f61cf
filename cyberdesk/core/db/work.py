"""One transaction per request or job, and what waits for its commit."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar
from uuid import UUID

import structlog
from sqlalchemy import Connection, Engine, event, inspect
from sqlalchemy.orm import Session

from cyberdesk.core.db.engine import database
from cyberdesk.core.db.rls import NOBODY, Scope, settings_names

R = TypeVar("R")
_log = structlog.get_logger(__name__)
SET = "SELECT " + ", ".join(
    f"set_config('cyberdesk.{name}', %({name})s, true)" for name in settings_names()
)
_OF_SAVEPOINTS = ("SAVEPOINT", "ROLLBACK", "RELEASE")


class Work:
    """The transaction under way: its session, its scope, what to do once it is committed.

    PostgreSQL is told of the scope right before the first statement that runs for it: who turns
    to another reach and back without asking anything has cost nothing.
    """

    def __init__(self, opened: Session) -> None:
        self.session = opened
        self.scope = NOBODY
        self.doomed = False
        self.kept: dict[tuple[type[Any], Any], Any] = {}
        self.after: list[tuple[Callable[..., None], tuple[Any, ...]]] = []
        self._connection: Connection | None = None
        self._told: Scope | None = None  # what the connection was told, None: to be told anew

    def reach(self, scope: Scope) -> None:
        self.scope = scope

    def begun_on(self, connection: Connection) -> None:
        if connection is not self._connection:
            self._connection, self._told = connection, None

    def undone(self) -> None:
        """Settings made since a savepoint are gone with it."""
        self._told = None

    def tell(self, connection: Connection, cursor: Any) -> None:
        if connection is self._connection and self._told != self.scope:
            cursor.connection.execute(SET, self.scope.settings())
            self._told = self.scope


_current: ContextVar[Work | None] = ContextVar("work", default=None)


@event.listens_for(Engine, "before_cursor_execute")
def _tell(connection: Connection, cursor: Any, statement: str, *_: Any) -> None:
    work = _current.get()
    # In a transaction that failed nothing can be told, and only its savepoints are still heeded.
    if work is not None and not statement.startswith(_OF_SAVEPOINTS):
        work.tell(connection, cursor)


@event.listens_for(Session, "after_begin")
def _begun(begun: Session, _transaction: Any, connection: Connection) -> None:
    work = _current.get()
    if work is not None and work.session is begun:
        work.begun_on(connection)


@event.listens_for(Session, "after_soft_rollback")
def _undone(rolled_back: Session, _transaction: Any) -> None:
    work = _current.get()
    if work is not None and work.session is rolled_back:
        work.undone()


@contextmanager
def atomic(scope: Scope | None = None) -> Iterator[Session]:
    """Run the block in one transaction, committed at its end and rolled back by an exception.

    Inside another `atomic` it joins it (a narrower or wider `scope` is then taken for the block).
    """
    outer = _current.get()
    if outer is not None:
        with seeing(scope or outer.scope):
            yield outer.session
        return
    work = Work(database().session())
    token = _current.set(work)
    try:
        work.reach(scope or NOBODY)
        yield work.session
        _finish(work)
    except BaseException:
        work.session.rollback()
        raise
    finally:
        work.session.close()
        _current.reset(token)
    if not work.doomed:
        _run_after(work)


def session() -> Session:
    """Return the session of the transaction under way."""
    return _work().session


def scope() -> Scope:
    """Return for whom the transaction runs."""
    return _work().scope


def reach(new: Scope) -> None:
    """Let the rest of the transaction run for `new`: once its actor is known."""
    _work().reach(new)


@contextmanager
def seeing(new: Scope) -> Iterator[None]:
    """See what `new` sees inside the block, flushing so that each write meets its own policy."""
    work = _work()
    before = work.scope
    if new == before:
        yield
        return
    work.session.flush()
    work.reach(new)
    try:
        yield
        work.session.flush()
    finally:
        work.reach(before)


def keep(row: R) -> R:
    """Keep a row with an `id` in memory until the transaction ends: others find it by `kept`.

    The session itself forgets what nobody holds, and finds nothing that is not written yet.
    """
    _work().kept[type(row), row.id] = row  # type: ignore[attr-defined]
    return row


def kept(kind: type[R], row_id: UUID) -> R | None:
    """Return the row that this transaction keeps, or None."""
    return _work().kept.get((kind, row_id))


def every_kept(kind: type[R]) -> list[R]:
    """Return all rows of this kind that the transaction keeps, in the order in which they came."""
    return [row for (held, _id), row in _work().kept.items() if held is kind]


def doom() -> None:
    """Roll the transaction back at its end, without an exception: the answer was a refusal."""
    _work().doomed = True


def begin_anew() -> None:
    """Undo at once what was written, after an error that left the transaction useless.

    What is read from here on, for the page that tells of it, is read for the same scope.
    """
    work = _work()
    work.session.rollback()
    work.doomed = True
    work.reach(work.scope)


def in_transaction() -> bool:
    return _current.get() is not None


def on_commit(act: Callable[..., None], *arguments: Any) -> None:
    """Call `act(*arguments)` once the transaction is committed; ids only, never rows."""
    if any(inspect(argument, raiseerr=False) is not None for argument in arguments):
        raise TypeError("on_commit takes ids, not rows: the row may be gone or changed by then")
    _work().after.append((act, arguments))


def _work() -> Work:
    work = _current.get()
    if work is None:
        raise RuntimeError("no transaction: wrap the call in `with atomic():`")
    return work


def _finish(work: Work) -> None:
    if work.doomed:
        work.session.rollback()
    else:
        work.session.commit()


def _run_after(work: Work) -> None:
    for act, arguments in work.after:
        try:
            act(*arguments)
        except Exception:  # noqa: BLE001  # whatever fails here must not undo a committed change
            # The change stands; whatever was to follow is found again by the sweeper.
            _log.warning("after-commit act failed", act=act.__qualname__, exc_info=True)
