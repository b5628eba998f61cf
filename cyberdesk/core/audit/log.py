"""Writing the journal: `@recorded` on services, `record()` where there is no service call."""

import functools
import hashlib
import inspect
import json
import os
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from datetime import date, datetime
from enum import Enum
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from cyberdesk.core import clock
from cyberdesk.core.access.actor import Actor
from cyberdesk.core.audit.models import AuditEntry
from cyberdesk.core.crypto.vault import seal
from cyberdesk.core.db import session

P = ParamSpec("P")
R = TypeVar("R")

_noted: ContextVar[dict[str, Any] | None] = ContextVar("noted", default=None)


def canonical(value: Any) -> bytes:
    """Return `value` as RFC 8785 canonical JSON (our payloads hold no floats)."""
    return json.dumps(
        value, ensure_ascii=False, separators=(",", ":"), sort_keys=True, default=_plain
    ).encode()


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
        salt=os.urandom(16),
    )
    body = canonical(dict(payload or {}))
    entry.header = canonical(_header(entry, hashlib.sha256(entry.salt + body).hexdigest()))
    entry.payload = (
        seal(entry.key_id, body, table="audit_entries", row=entry.id, column="payload")
        if entry.key_id
        else body
    )
    session().add(entry)
    return entry


def _header(entry: AuditEntry, payload_hash: str) -> dict[str, Any]:
    return {
        "id": entry.id,
        "at": entry.at,
        "actor": [entry.actor_kind, entry.actor_id],
        "action": entry.action,
        "subject": [entry.subject_type, entry.subject_id],
        "case": entry.case_id,
        "payload": payload_hash,
    }


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


def _plain(value: Any) -> Any:
    for kinds, shown in _SHOWN:
        if isinstance(value, kinds):
            return shown(value)
    return str(value.id) if hasattr(value, "id") else f"<{type(value).__name__}>"


_SHOWN: tuple[tuple[Any, Callable[[Any], Any]], ...] = (
    ((datetime, date), lambda value: value.isoformat()),
    (UUID, str),
    (Enum, lambda value: value.value),
    ((set, frozenset), lambda value: sorted(value, key=str)),
    (bytes, lambda value: {"sha256": hashlib.sha256(value).hexdigest(), "bytes": len(value)}),
)
