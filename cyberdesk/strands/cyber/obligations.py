"""Which duties a case brings, and by when: rules as data, evaluated without guessing.

Several clocks start from the moment the organisation *knows*, which is an event of its own, dated
and authored. A trigger that cannot be decided gives a duty « à vérifier », with what to find out;
so does a law whose entry into force is not confirmed (`LegalSettings`).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, InstanceOf, SkipValidation, model_validator

from cyberdesk.desk.playbooks.conditions import Condition, evaluate, mistakes, parse, variables
from cyberdesk.strands.cyber.calendar import PARIS, Duration, deadline, reminders
from cyberdesk.strands.cyber.contacts import load_contacts
from cyberdesk.strands.cyber.content import Name, Sourced, Text, read
from cyberdesk.strands.cyber.facts import Facts, load_facts

Event = Literal[
    "awareness",
    "discovery",
    "processor_awareness",
    "authority_request",
    "nis2_notified",
]
Force = Literal["must", "practice", "should"]
Who = Literal["commune", "provider", "responder", "mayor", "dpo"]
Verdict = Literal["applies", "to_verify"]
NisLaw = Literal["not_confirmed", "in_force", "not_in_force"]

_KNOWN_FIRST: set[Event] = {"awareness", "discovery"}  # every case knows these from its start
_LEAD = re.compile(r"(\d{1,3})([hm])")


def _lead(text: str) -> timedelta:
    found = _LEAD.fullmatch(text)
    if not found:
        raise ValueError(f"not a lead: {text!r}; write 24h or 30m")
    amount = int(found[1])
    return timedelta(hours=amount) if found[2] == "h" else timedelta(minutes=amount)


Lead = Annotated[timedelta, BeforeValidator(_lead)]


class Obligation(Sourced):
    """One duty or advised step. `guide` is our own mark where the law says « sans délai »."""

    name: Name
    code: str
    title: Text
    force: Force
    trigger: Annotated[SkipValidation[Condition], BeforeValidator(parse)]
    setting: Literal["nis2"] | None = None
    starts: tuple[Event, ...]
    only_if_started: bool = False
    within: Annotated[InstanceOf[Duration], BeforeValidator(Duration.parse)] | None = None
    guide: Lead | None = None
    remind: tuple[Lead, ...]
    recipient: Text
    channel: Text
    contact: Name | None = None
    who: Who
    content: tuple[Text, ...]
    proof: Text
    note: Text | None = None
    legal: Text

    @model_validator(mode="after")
    def _hangs_together(self) -> "Obligation":
        declared = {name: sheet.as_variable() for name, sheet in load_facts().items()}
        if wrong := list(mistakes(self.trigger, declared)):
            raise ValueError(f"trigger of {self.name}: {wrong}")
        if self.contact and self.contact not in load_contacts():
            raise ValueError(f"{self.name}: no contact {self.contact!r}")
        if self.within and self.guide:
            raise ValueError(f"{self.name}: a legal time limit needs no guide mark")
        if self.within and not self.only_if_started and not _KNOWN_FIRST & set(self.starts):
            raise ValueError(f"{self.name}: nothing would run yet; say `only_if_started: true`")
        return self


@dataclass(frozen=True, slots=True)
class LegalSettings:
    """What the operator has checked in the law, and on which day."""

    nis2: NisLaw = "not_confirmed"
    nis2_checked_on: date | None = None

    @property
    def facts(self) -> dict[str, bool | None]:
        return {"nis2_law": {"in_force": True, "not_in_force": False}.get(self.nis2)}


@dataclass(frozen=True, slots=True)
class DueClock:
    """A duty of this case. Instants are UTC and None while the starting event is not known.

    `due_at` is the legal end; `guide_at` our mark where the law gives none. `unknown` names the
    facts to find out when the verdict is `to_verify`.
    """

    obligation: Obligation
    verdict: Verdict
    unknown: tuple[str, ...]
    event: Event
    starts_at: datetime | None
    due_at: datetime | None
    guide_at: datetime | None
    reminders: tuple[datetime, ...]

    @property
    def at_once(self) -> bool:
        """The law says « sans délai », or nothing at all."""
        return self.obligation.within is None

    @property
    def ends_at(self) -> datetime | None:
        return self.due_at or self.guide_at


@cache
def load_obligations() -> dict[str, Obligation]:
    return {
        name: Obligation.model_validate({"name": name, **entry})
        for name, entry in read("obligations.yaml").items()
    }


def due_clocks(
    facts: Facts,
    events: Mapping[Event, datetime],
    settings: LegalSettings,
    zone: ZoneInfo = PARIS,
) -> list[DueClock]:
    """Return the duties that apply or may apply, legal ones first, the earliest end first."""
    values = {**facts, **settings.facts}
    clocks = (_clock(duty, values, events, zone) for duty in load_obligations().values())
    return sorted(_present(clocks), key=_urgency)


def _clock(
    duty: Obligation, facts: Facts, events: Mapping[Event, datetime], zone: ZoneInfo
) -> DueClock | None:
    truth = evaluate(duty.trigger, facts)
    event = next((name for name in duty.starts if name in events), duty.starts[0])
    starts_at = events.get(event)
    if truth is False or (duty.only_if_started and starts_at is None):
        return None
    due_at = deadline(starts_at, duty.within, zone) if starts_at and duty.within else None
    guide_at = starts_at + duty.guide if starts_at and duty.guide else None
    end = due_at or guide_at
    return DueClock(
        obligation=duty,
        verdict="applies" if truth else "to_verify",
        unknown=() if truth else _unknown(duty.trigger, facts),
        event=event,
        starts_at=starts_at,
        due_at=due_at,
        guide_at=guide_at,
        reminders=reminders(starts_at, end, duty.remind) if starts_at and end else (),
    )


def _unknown(trigger: Condition, facts: Facts) -> tuple[str, ...]:
    return tuple(name for name in variables(trigger) if facts.get(name) is None)


def _present(clocks: Iterable[DueClock | None]) -> Iterable[DueClock]:
    return (clock for clock in clocks if clock is not None)


_FORCES: dict[Force, int] = {"must": 0, "practice": 0, "should": 1}


def _urgency(clock: DueClock) -> tuple[int, bool, float]:
    end = clock.ends_at
    return (
        _FORCES[clock.obligation.force],
        clock.verdict == "to_verify",
        end.timestamp() if end else float("inf"),
    )
