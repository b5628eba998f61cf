"""What was observed: values, when they were seen, and the indicators that find them again."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from cyberdesk.core.text import _
from cyberdesk.desk.intel.export.setting import EXERCISE, LANGUAGE, Setting
from cyberdesk.desk.intel.export.stripping import Stripped, left_behind
from cyberdesk.desk.intel.making import Stix
from cyberdesk.desk.intel.models import StixObject


@dataclass(slots=True)
class Observed:
    """The objects of a bundle that tell what was seen at `victim`."""

    setting: Setting
    victim: Stix
    stripped: list[Stripped]
    values: dict[str, Stix] = field(default_factory=dict)  # by id: a value may come twice
    data: dict[UUID, Stix] = field(default_factory=dict)  # by the row of the observable
    indicators: list[Stix] = field(default_factory=list)
    sightings: list[Stix] = field(default_factory=list)
    relations: list[Stix] = field(default_factory=list)
    notes: list[Stix] = field(default_factory=list)

    def all(self) -> list[Stix]:
        found = [*self.values.values(), *self.data.values(), *self.indicators]
        return [*found, *self.sightings, *self.relations, *self.notes]

    def tell(self, objects: Sequence[StixObject]) -> None:
        """Tell of each observable that leaves, then of each indicator whose observable leaves."""
        for found in objects:
            if not found.is_indicator:
                self._observable(found)
                self._note(found)
        for found in objects:
            if found.is_indicator:
                self._indicator(found)

    def _observable(self, found: StixObject) -> None:
        marks = self.setting.marked(found.tlp)
        values = [one | {"object_marking_refs": marks} for one in found.content["objects"]]
        for one in values:
            self.values.setdefault(one["id"], one)
        first, last = self._seen(found)
        self.data[found.id] = self.setting.make(
            "observed-data",
            found.id,
            found.added_at,
            found.changed_at,
            first_observed=first,
            last_observed=last,
            number_observed=1,
            object_refs=[one["id"] for one in values],
        )

    def _note(self, found: StixObject) -> None:
        if found.note and self.setting.level.outside:
            self.stripped.append(Stripped(_("Note"), found.note, "words"))
        elif found.note:
            about = [found.content["objects"][0]["id"]]
            told = {"content": found.note, "lang": LANGUAGE, "object_refs": about}
            at, changed = found.added_at, found.changed_at
            self.notes.append(self.setting.make("note", found.id, at, changed, **told))

    def _indicator(self, found: StixObject) -> None:
        data = self.data.get(found.based_on_id) if found.based_on_id else None
        if data is None:
            self.stripped.append(left_behind(found, "basis"))
            return
        stix, make = self._marked(found), self.setting.make
        based = {"relationship_type": "based-on", "target_ref": data["id"]}
        first, last = self._seen(found)
        sighted = {"first_seen": first, "last_seen": last, "count": 1}
        refs = {"observed_data_refs": [data["id"]], "where_sighted_refs": [self.victim["id"]]}
        at = found.added_at
        self.indicators.append(stix)
        self.relations.append(make("relationship", found.id, at, source_ref=stix["id"], **based))
        self.sightings.append(
            make("sighting", found.id, at, sighting_of_ref=stix["id"], **sighted, **refs)
        )

    def _marked(self, found: StixObject) -> Stix:
        """The indicator as it is kept; one of an exercise says so."""
        stix: Stix = dict(found.content["objects"][0])
        if self.setting.case.exercise:
            stix["labels"] = ["exercise"]
            stix["object_marking_refs"] = [*stix["object_marking_refs"], EXERCISE["id"]]
        return stix

    def _seen(self, found: StixObject) -> tuple[datetime, datetime]:
        """First and last; what is not known of one is what is known of the other."""
        first = found.seen_at or found.seen_until or found.added_at
        last = max(found.seen_until or first, first)
        return self.setting.time(first)[0], self.setting.time(last)[0]
