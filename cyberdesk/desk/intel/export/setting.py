"""What every part of a bundle is made with: the level, its ids, its times, its marks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.intel.authors import centre, random_like
from cyberdesk.desk.intel.lookups import case_hash
from cyberdesk.desk.intel.making import Stix, plain
from cyberdesk.desk.intel.marking import LEVELS, Tlp

LANGUAGE = "fr"
# Our own marking of whatever comes from an exercise: it goes with each object.
EXERCISE: Stix = {
    "type": "marking-definition",
    "spec_version": "2.1",
    "id": "marking-definition--6b2f7a52-3c1d-4c8e-9f0e-1d7f4a9b5c33",
    "created": "2026-01-01T00:00:00.000Z",
    "name": "EXERCISE",
    "definition_type": "statement",
    "definition": {"statement": "EXERCICE - EXERCISE: nothing in this object is real."},
}


@dataclass(frozen=True, slots=True)
class Setting:
    """One export of one case. Two exports at different levels share no id but those of values."""

    case: Case
    level: Tlp
    author: Stix = field(default_factory=centre)

    @property
    def marks(self) -> list[str]:
        """Ids of the markings of what this export makes."""
        return self.marked(self.level)

    def marked(self, level: Tlp) -> list[str]:
        held = [LEVELS[level].stix_id]
        return [*held, EXERCISE["id"]] if self.case.exercise else held

    def id(self, kind: str, name: str) -> str:
        """Return the same id for the same thing each time, and for nothing else.

        It is drawn from the case's own key: nobody can tell from it which case it stands for.
        """
        drawn = case_hash(self.case.key_id, f"stix\x00{self.level}\x00{kind}\x00{name}")
        return f"{kind}--{random_like(drawn)}"

    def time(self, at: datetime) -> tuple[datetime, str]:
        """Return when something happened and how precisely that is told: outside, the day alone."""
        if self.level.outside:
            day = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
            return day, "day"
        return at, "minute"

    def when(self, start: datetime, end: datetime | None = None) -> Mapping[str, Any]:
        """Return `start_time` and `end_time` with their fidelity; an end must be later (§2.2)."""
        begun, fidelity = self.time(start)
        told: dict[str, Any] = {"start_time": begun, "start_time_fidelity": fidelity}
        ended = self.time(end)[0] if end else None
        if ended and ended > begun:
            told |= {"end_time": ended, "end_time_fidelity": fidelity}
        return told

    def make(
        self,
        kind: str,
        what: str | UUID,
        at: datetime,
        changed: datetime | None = None,
        /,
        **known: Any,
    ) -> Stix:
        """Make the object that stands for `what`; properties that are empty are left out."""
        created = self.time(at)[0]
        given = {key: value for key, value in known.items() if value not in (None, "", [], ())}
        if self.case.exercise:
            given["labels"] = ["exercise"]
        return plain(
            _class(kind)(
                id=self.id(kind, str(what)),
                created_by_ref=self.author["id"],
                created=created,
                modified=max(changed or created, created),
                object_marking_refs=self.marks,
                **given,
            )
        )


def _class(kind: str) -> Any:
    from stix2.registry import STIX2_OBJ_MAPS

    from cyberdesk.desk.intel.export.classes import new_classes

    return new_classes().get(kind) or STIX2_OBJ_MAPS["2.1"]["objects"][kind]


def refs(objects: Sequence[Stix]) -> list[str]:
    return [one["id"] for one in objects]
