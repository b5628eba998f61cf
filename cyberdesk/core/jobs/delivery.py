"""Carrying out what the outbox holds: claim, act outside any transaction, complete with a token."""

import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import structlog
from sqlalchemy import or_, select, update

from cyberdesk.core import clock
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.jobs.models import Message

LEASE = timedelta(seconds=12)
_BEAT = LEASE.total_seconds() / 4
_BUDGET = 25.0  # seconds a work-horse goes on taking messages
_ATTEMPTS = 12
_FIRST_DELAY = timedelta(seconds=2)
_LONGEST_DELAY = timedelta(hours=1)
_A_WHILE = timedelta(seconds=30)

# A mail server quotes whom it refuses; this column is in the clear.
_ADDRESS = re.compile(r"[^\s<>\"'(,;:]+@[^\s<>\"'),;:]+")

Handler = Callable[..., None]
_log = structlog.get_logger(__name__)
_handlers: dict[str, Handler] = {}


@dataclass(frozen=True, slots=True)
class Delivery:
    """The message being delivered. `id` is its idempotency key; `attempt` starts at 1."""

    id: UUID
    topic: str
    payload: dict[str, Any]
    attempt: int
    token: UUID


class GiveUpError(Exception):
    """Raised by a handler: trying again cannot help; a person must look."""


class NotYetError(Exception):
    """Raised by a handler: something is to be set up first. It waits, no attempt is counted."""


_current: ContextVar[Delivery | None] = ContextVar("delivery", default=None)


def handle(topic: str, handler: Handler) -> None:
    """Let `handler(**payload)` deliver the messages of `topic`. It may run more than once."""
    if _handlers.setdefault(topic, handler) is not handler:
        raise ValueError(f"topic {topic} has two handlers")


def topics() -> frozenset[str]:
    return frozenset(_handlers)


def current() -> Delivery | None:
    """Return the delivery under way, for its idempotency key."""
    return _current.get()


def drain(budget: float = _BUDGET, *, but: frozenset[str] = frozenset()) -> int:
    """Deliver due messages one after the other until none is left or `budget` seconds passed.

    Topics in `but` are left to others.
    """
    end, done = time.monotonic() + budget, 0
    while time.monotonic() < end:
        delivery = claim(but)
        if delivery is None:
            break
        deliver(delivery)
        done += 1
    return done


def claim(but: frozenset[str] = frozenset()) -> Delivery | None:
    """Take the next due message for LEASE, or None. A claim that lapsed is taken over."""
    now, token = clock.now(), uuid4()
    free = or_(Message.leased_until.is_(None), Message.leased_until < now)
    first = (
        select(Message.id)
        .where(Message.delivered_at.is_(None), Message.failed_at.is_(None))
        .where(Message.due_at <= now, free, Message.topic.not_in(but))
        .order_by(Message.due_at)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    taken = (
        update(Message)
        .where(Message.id == first)
        .values(leased_until=now + LEASE, token=token, attempts=Message.attempts + 1)
        .returning(Message.id, Message.topic, Message.payload, Message.attempts)
        .execution_options(synchronize_session=False)
    )
    with atomic(SYSTEM) as session:
        row = session.execute(taken).first()
    if row is None:
        return None
    message_id, topic, payload, attempt = row
    return Delivery(message_id, topic, payload, attempt, token)


def deliver(delivery: Delivery) -> None:
    """Run the handler and complete; a failure is tried again later, then left to a person."""
    token = _current.set(delivery)
    try:
        with _kept(delivery):
            _handler(delivery.topic)(**delivery.payload)
    except NotYetError as error:
        _complete(delivery, _put_off(delivery, error))
    except Exception as error:  # noqa: BLE001  # whatever went wrong is written on the message
        _log.warning(
            "delivery failed", topic=delivery.topic, attempt=delivery.attempt, exc_info=True
        )
        _complete(delivery, _failed(delivery, error))
    else:
        _complete(delivery, {"delivered_at": clock.now()})
    finally:
        _current.reset(token)


def _handler(topic: str) -> Handler:
    if topic not in _handlers:
        raise GiveUpError(f"no room delivers {topic}")
    return _handlers[topic]


def _failed(delivery: Delivery, error: Exception) -> dict[str, Any]:
    said = _ADDRESS.sub("…@…", f"{type(error).__name__}: {error}")[:500]
    if isinstance(error, GiveUpError) or delivery.attempt >= _ATTEMPTS:
        return {"failed_at": clock.now(), "last_error": said}
    delay = min(_FIRST_DELAY * 2 ** (delivery.attempt - 1), _LONGEST_DELAY)
    return {"due_at": clock.now() + delay, "last_error": said}


def _put_off(delivery: Delivery, error: NotYetError) -> dict[str, Any]:
    later = clock.now() + _A_WHILE
    return {"due_at": later, "attempts": delivery.attempt - 1, "last_error": str(error)[:500]}


def _complete(delivery: Delivery, outcome: dict[str, Any]) -> bool:
    return _write(delivery, {"leased_until": None, "token": None, **outcome})


def _write(delivery: Delivery, values: dict[str, Any]) -> bool:
    """Change the message unless another worker has taken over meanwhile; say whether it did."""
    mine = update(Message).where(Message.id == delivery.id, Message.token == delivery.token)
    with atomic(SYSTEM) as session:
        return bool(session.execute(mine.values(**values)).rowcount)  # type: ignore[attr-defined]


@contextmanager
def _kept(delivery: Delivery) -> Iterator[None]:
    """Renew the lease while the handler runs, so that a killed worker is noticed soon."""
    over = threading.Event()
    beat = threading.Thread(target=_renew, args=(delivery, over), daemon=True)
    beat.start()
    try:
        yield
    finally:
        over.set()


def _renew(delivery: Delivery, over: threading.Event) -> None:
    while not over.wait(_BEAT):
        try:
            if not _write(delivery, {"leased_until": clock.now() + LEASE}):
                return
        except Exception:  # noqa: BLE001  # the next beat tries again; the lease may lapse
            _log.warning("lease not renewed", topic=delivery.topic, exc_info=True)
