"""Telling the timeline, and reading it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from cyberdesk.core import clock
from cyberdesk.core.access import Actor
from cyberdesk.core.db import session
from cyberdesk.core.events import events
from cyberdesk.desk.cases.models import Case, CaseEvent
from cyberdesk.desk.cases.service.locking import lock


def tell(
    actor: Actor,
    case: Case,
    kind: str,
    *,
    facts: Mapping[str, Any] | None = None,
    words: str | None = None,
    at: datetime | None = None,
    desk_only: bool = False,
) -> CaseEvent:
    """Add a line to the timeline of `case`; live pages learn of it once this commits.

    `kind` is an event name that `story.register` gave a sentence; `facts` are plain JSON and never
    what a person wrote: that goes in `words`, which is sealed. `at` is when it happened.
    `desk_only` lines are never shown to the commune, its provider or a declarant.
    """
    (line,) = tell_each(actor, case, kind, [facts or {}], words=words, at=at, desk_only=desk_only)
    return line


def tell_each(
    actor: Actor,
    case: Case,
    kind: str,
    facts: Sequence[Mapping[str, Any]],
    *,
    words: str | None = None,
    at: datetime | None = None,
    desk_only: bool = False,
) -> list[CaseEvent]:
    """Add a line of the same kind for each of `facts`, counted in one statement."""
    if not facts:
        return []
    now = clock.now()
    first = _moved(case, now, by=len(facts)) - len(facts) + 1
    lines = [
        CaseEvent(
            key_id=case.key_id,
            case=case,
            case_id=case.id,
            at=at or now,
            told_at=now,
            version=version,
            kind=kind,
            actor_kind=actor.kind.value,
            actor_id=actor.id,
            actor_name=actor.name,
            facts=dict(told),
            words=words,
            desk_only=desk_only,
        )
        for version, told in enumerate(facts, start=first)
    ]
    session().add_all(lines)
    for line in lines:
        events.emit("case:told", case=case, line=line)
    return lines


def timeline(actor: Actor, case: Case, *, after_version: int = 0) -> Sequence[CaseEvent]:
    """Return the lines that `actor` may see, oldest first by when they happened."""
    wanted = select(CaseEvent).where(CaseEvent.case_id == case.id)
    wanted = wanted.where(CaseEvent.version > after_version)
    if not on_the_desk(actor, case):
        wanted = wanted.where(CaseEvent.desk_only.is_(False))
    return session().scalars(wanted.order_by(CaseEvent.at, CaseEvent.id)).all()


def on_the_desk(actor: Actor, case: Case) -> bool:
    """Say whether `actor` helps with the case rather than suffers from it."""
    return actor.may("case:desk", case.place())


def _moved(case: Case, now: datetime, *, by: int) -> int:
    """Count `by` more lines, return the last; the row stays locked until the commit, so that
    versions are in order.
    """
    lock(case)
    case.version += by
    case.active_at = case.moved_at = now
    return case.version
