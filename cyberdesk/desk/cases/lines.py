"""The lines of a timeline as the page shows them, for the desk."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cyberdesk.core.access import Actor, ActorKind
from cyberdesk.core.text import _
from cyberdesk.desk.cases import service
from cyberdesk.desk.cases.models import Case, CaseEvent
from cyberdesk.desk.cases.story import Story, parts, sentence, story_of

_EXCERPT = 180  # characters of a message in the timeline
_TONES = {"ok": "good", "warn": "serious", "bad": "critical"}


@dataclass(frozen=True, slots=True)
class Line:
    """A line told: what, by whom, and the words that belong to it."""

    event: CaseEvent
    of: Case | None  # the duplicate whose line it is
    words: str

    @property
    def story(self) -> Story:
        return story_of(self.event)

    @property
    def said(self) -> str:
        return sentence(self.event)

    def entry(self) -> Mapping[str, Any]:
        """Return the line as the timeline component takes it."""
        chronicle, each = self.event.kind == "case:chronicle", parts(self.event)
        return {
            "at": self.event.at,
            "text": self.words if chronicle else self.said,
            "detail": "" if chronicle or each else self.words,
            "parts": each,
            "icon": self.story.icon,
            "tone": _TONES.get(self.story.tone, ""),
            "by": self._by(),
        }

    def _by(self) -> str:
        house = self.event.actor_kind == ActorKind.SYSTEM.value
        by = "CyberDesk" if house else self.event.actor_name or str(_("the declarant"))
        return f"{by} · {self.of.reference}" if self.of else by


def lines(actor: Actor, case: Case) -> list[Line]:
    """Return the story of `case` and of its duplicates, oldest first."""
    told = list(_told(actor, case, None))
    for duplicate in service.duplicates(case):
        told += _told(actor, duplicate, duplicate)
    return sorted(told, key=lambda line: (line.event.at, line.event.id))


def _told(actor: Actor, case: Case, of: Case | None) -> Iterable[Line]:
    events = service.timeline(actor, case)
    bodies = _bodies(actor, case, events)
    notes = {event.at: event.words for event in events if event.kind == "case:call-note"}
    for event in events:
        if event.kind == "case:call":
            yield Line(event, of, notes.pop(event.at, ""))
        elif event.kind != "case:call-note":
            yield Line(event, of, bodies.get(event.facts.get("message", ""), event.words))


def _bodies(actor: Actor, case: Case, events: Sequence[CaseEvent]) -> dict[str, str]:
    """Return how each message begins, by its id; nothing is opened where nothing was written."""
    if not any("message" in event.facts for event in events):
        return {}
    return {str(one.id): _begun(one.body) for one in service.messages(actor, case)}


def _begun(body: str) -> str:
    plain = " ".join(body.split())
    return plain if len(plain) <= _EXCERPT else f"{plain[:_EXCERPT].rsplit(' ', 1)[0]}…"
