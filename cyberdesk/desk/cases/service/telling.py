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
    now = clock.now()
    line = CaseEvent(
        key_id=case.key_id,
        case=case,
        case_id=case.id,
        at=at or now,
        told_at=now,
        version=_counted(case, now),
        kind=kind,
        actor_kind=actor.kind.value,
        actor_id=actor.id,
        actor_name=actor.name,
        facts=dict(facts or {}),
        words=words,
        desk_only=desk_only,
    )
    session().add(line)
    events.emit("case:told", case=case, line=line)
    return line


def tell_each(
    actor: Actor, case: Case, kind: str, facts: Sequence[Mapping[str, Any]]
) -> CaseEvent | None:
    """Tell what was done at one go in one line, whose story says `many`; nothing for nothing."""
    if len(facts) > 1:
        return tell(actor, case, kind, facts={"each": [dict(one) for one in facts]})
    return tell(actor, case, kind, facts=facts[0]) if facts else None


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


def _counted(case: Case, now: datetime) -> int:
    """Count one more line; the row stays locked until the commit, so that versions are in order."""
    lock(case)
    case.version += 1
    case.active_at = case.moved_at = now
    return case.version
