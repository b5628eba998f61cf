"""Writing the journal: `@recorded` on services, `record()` where there is no service call."""

import functools
import inspect
import os
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from hashlib import sha256
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from cyberdesk.core import clock
from cyberdesk.core.access.actor import Actor
from cyberdesk.core.audit.guard import SALT_BYTES
from cyberdesk.core.audit.leaf import canonical
from cyberdesk.core.audit.models import AuditEntry
from cyberdesk.core.crypto.vault import ErasedError, seal
from cyberdesk.core.db import session

P = ParamSpec("P")
R = TypeVar("R")

TABLE = AuditEntry.__tablename__
_noted: ContextVar[dict[str, Any] | None] = ContextVar("noted", default=None)


def recorded(
    action: str, *, about: str | None = None
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Journal each call of a service as `action`, in its transaction: no row, no change.

    The subject is the parameter named `about`, else the returned row, else the second argument.
    Keyword arguments of plain types become the payload, together with what the service `note`s;
    rows become their ids. The payload is sealed with the key of the subject's case.
    """

    def decorate(service: Callable[P, R]) -> Callable[P, R]:
        signature = inspect.signature(service)

        @functools.wraps(service)
        def journalled(*args: P.args, **kwargs: P.kwargs) -> R:
            token = _noted.set({})
            try:
                result = service(*args, **kwargs)
                bound = signature.bind(*args, **kwargs).arguments
                subject = bound.get(about) if about else _first_row(result, args[1:])
                record(args[0], action, subject, _payload(bound, _noted.get() or {}))  # type: ignore[arg-type]
            finally:
                _noted.reset(token)
            return result

        journalled.action = action  # type: ignore[attr-defined]
        return journalled

    return decorate


def note(**facts: Any) -> None:
    """Add `facts` to the payload of the service call under way."""
    noted = _noted.get()
    if noted is not None:
        noted.update(facts)


def record(
    actor: Actor, action: str, subject: Any = None, payload: Mapping[str, Any] | None = None
) -> AuditEntry:
    """Write one entry now. `subject` is a row; its `case_id` and `key_id`, if any, are used."""
    entry = entry_of(actor, action, subject, payload)
    session().add(entry)
    return entry


def entry_of(
    actor: Actor, action: str, subject: Any = None, payload: Mapping[str, Any] | None = None
) -> AuditEntry:
    """Return the entry that `record` would write, for who writes it together with other rows."""
    entry = AuditEntry(
        at=clock.now(),
        actor_kind=actor.kind.value,
        actor_id=actor.id,
        actor_name=actor.name,
        action=action,
        subject_type=getattr(type(subject), "__tablename__", "") if subject is not None else "",
        subject_id=getattr(subject, "id", None),
        case_id=_case_of(subject),
        key_id=getattr(subject, "key_id", None),
        salt=os.urandom(SALT_BYTES),
    )
    _fill(entry, canonical(dict(payload or {})))
    return entry


def _fill(entry: AuditEntry, body: bytes) -> None:
    """Put `body` into the entry: open, or sealed behind a salt that is erased with it."""
    entry.payload, entry.plain_hash = body, None
    if entry.key_id is None:
        return
    plain = os.urandom(SALT_BYTES) + body
    try:
        entry.payload = seal(entry.key_id, plain, table=TABLE, row=entry.id, column="payload")
        entry.plain_hash = sha256(plain).digest()
    except ErasedError:  # the act is still told, what it said goes the way of its case
        entry.payload = b""


def _payload(bound: Mapping[str, Any], noted: Mapping[str, Any]) -> dict[str, Any]:
    given = {name: _shown(value) for name, value in bound.items() if name != "actor"}
    return {name: value for name, value in (given | dict(noted)).items() if value is not None}


def _shown(value: Any) -> Any:
    return value.id if hasattr(value, "__mapper__") else value


def _first_row(*candidates: Any) -> Any:
    for candidate in candidates:
        options = candidate if isinstance(candidate, tuple) else (candidate,)
        for option in options:
            if hasattr(option, "__mapper__"):
                return option
    return None


def _case_of(subject: Any) -> UUID | None:
    if getattr(type(subject), "__tablename__", "") == "cases":
        return subject.id  # type: ignore[no-any-return]
    return getattr(subject, "case_id", None)
