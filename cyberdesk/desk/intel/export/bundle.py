"""Putting a bundle together, the same bytes each time for the same case at the same level."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from cyberdesk.core.access import Actor
from cyberdesk.core.text import speaking
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.intel.authors import random_like
from cyberdesk.desk.intel.export import course, incident
from cyberdesk.desk.intel.export.observed import Observed
from cyberdesk.desk.intel.export.setting import EXERCISE, LANGUAGE, Setting
from cyberdesk.desk.intel.export.stripping import Stripped, sort_out
from cyberdesk.desk.intel.making import Stix
from cyberdesk.desk.intel.marking import LEVELS, Tlp, definition
from cyberdesk.desk.intel.models import StixObject

MEDIA_TYPE = "application/stix+json;version=2.1"
_BY_ID = {level.stix_id: tlp for tlp, level in LEVELS.items()}


@dataclass(frozen=True)
class Bundle:
    """The objects that leave at `level`, and what stayed behind."""

    level: Tlp
    objects: Sequence[Stix]
    stripped: Sequence[Stripped]

    @cached_property
    def stix(self) -> Stix:
        """The bundle; its id follows from its contents."""
        told = json.dumps(self.objects, sort_keys=True).encode()
        drawn = random_like(hashlib.sha256(b"bundle\x00" + told).digest())
        return {"type": "bundle", "id": f"bundle--{drawn}", "objects": list(self.objects)}

    @cached_property
    def text(self) -> str:
        return json.dumps(self.stix, ensure_ascii=False, indent=2, sort_keys=True) + "\n"

    @property
    def counts(self) -> Mapping[str, int]:
        """How many objects of each STIX type there are."""
        return dict(sorted(Counter(one["type"] for one in self.objects).items()))


def compose(actor: Actor, case: Case, objects: Sequence[StixObject], level: Tlp) -> Bundle:
    """Make the bundle of `case` and its `objects` for those whom `level` lets read it."""
    setting, stripped = Setting(case, level), list[Stripped]()
    with speaking(LANGUAGE):
        sorted_out = sort_out(case, objects, level)
        stripped += sorted_out.stripped
        harmed = incident.victim(setting, stripped)
        seen = Observed(setting, harmed, stripped)
        seen.tell(sorted_out.objects)
        events = course.events(setting, seen.sightings, stripped)
        tasks = course.tasks(setting, actor, stripped)
        harm = incident.impacts(setting, harmed)
        whole = incident.incident(
            setting,
            events=events,
            tasks=tasks,
            harm=harm,
            changed=course.last_change(setting, objects),
            stripped=stripped,
        )
        relations = _relations(setting, whole, harmed, seen.data.values())
    made = [setting.author, harmed, whole, *events, *harm, *tasks, *seen.all(), *relations]
    return Bundle(level, [*_markings(made), *made], tuple(stripped))


def _relations(setting: Setting, whole: Stix, harmed: Stix, data: Iterable[Stix]) -> list[Stix]:
    """Who was hit (Incident Core §2.1.1), and what was observed of it."""
    at = setting.case.opened_at

    def relate(kind: str, target: Stix) -> Stix:
        return setting.make(
            "relationship", f"{kind} {target['id']}", at,
            relationship_type=kind, source_ref=whole["id"], target_ref=target["id"],
        )  # fmt: skip

    return [relate("targets", harmed), *(relate("related-to", one) for one in data)]


def _markings(objects: Iterable[Stix]) -> list[Stix]:
    """The definitions of the markings that are used, in the order of the protocol."""
    used = {ref for one in objects for ref in one.get("object_marking_refs", ())}
    levels = sorted((_BY_ID[ref] for ref in used if ref in _BY_ID), key=lambda tlp: tlp.rank)
    exercise = [EXERCISE] if EXERCISE["id"] in used else []
    return [*exercise, *(definition(level) for level in levels)]
