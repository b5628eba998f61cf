"""How it went: events of the attack and tasks of the answer (Incident Core 2.0 §2.2 and §2.4)."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import func, select

from cyberdesk.core.access import Actor
from cyberdesk.core.db import session
from cyberdesk.core.text import _, bilingual
from cyberdesk.desk.cases.models import CaseEvent
from cyberdesk.desk.intel.export.incident import ending_of
from cyberdesk.desk.intel.export.setting import LANGUAGE, Setting, refs
from cyberdesk.desk.intel.export.stripping import Stripped
from cyberdesk.desk.intel.facts import facts_of
from cyberdesk.desk.intel.making import Stix
from cyberdesk.desk.intel.models import StixObject
from cyberdesk.desk.tasks import service as tasks_room
from cyberdesk.desk.tasks.models import ANSWERED, WITHDRAWN, Task

_CHRONICLE = "case:chronicle"
# task-type-ov (§4.10), by what the timeline tells and by the phase of a playbook's step.
_TOLD = {"case:opened": "declared", "case:escalated": "escalated", "clock:done": "reported"}
_PHASES = {
    "qualify": "investigation",
    "contain": "containment",
    "eradicate": "eradication",
    "recover": "recovery",
    "notify": "reported",
    "learn": "administrative",
}
_DONE = frozenset({"done", "agree", "go_on", "true"})


def events(setting: Setting, sightings: Sequence[Stix], stripped: list[Stripped]) -> list[Stix]:
    """The attack as a whole, with what was sighted of it; then its chronology, line by line."""
    told = _lines(setting, [_CHRONICLE])
    start = min([setting.case.opened_at, *(line.at for line in told)])
    whole = setting.make(
        "event",
        "whole",
        setting.case.opened_at,
        status=_status(setting),
        event_types=list(facts_of(setting.case).types),
        sighting_refs=refs(sightings),
        **setting.when(start, setting.case.closed_at),
    )
    return [whole, *(_event(setting, line, stripped) for line in told)]


def tasks(setting: Setting, actor: Actor, stripped: list[Stripped]) -> list[Stix]:
    """What was done: declared, escalated, reported, and each task of the playbook."""
    made = [
        setting.make(
            "task",
            line.id,
            line.told_at,
            outcome="successful",
            task_types=[_TOLD[line.kind]],
            **setting.when(line.at),
        )
        for line in _lines(setting, _TOLD)
    ]
    held = tasks_room.tasks_of(actor, setting.case)
    if held and setting.level.outside:
        stripped.append(
            Stripped(_("Titles of tasks"), "; ".join(_title(task) for task in held), "victim")
        )
    return made + [_task(setting, task) for task in held]


def last_change(setting: Setting, objects: Sequence[StixObject]) -> datetime:
    """Return when the case last changed. That it was exported is no change of it."""
    told = select(func.max(CaseEvent.told_at)).where(
        CaseEvent.case_id == setting.case.id, CaseEvent.kind != "observable:exported"
    )
    last = session().scalar(told) or setting.case.opened_at
    return max([last, *(found.changed_at for found in objects)])


def _event(setting: Setting, line: CaseEvent, stripped: list[Stripped]) -> Stix:
    words = line.words
    if words and setting.level.outside:
        stripped.append(Stripped(_("Chronology"), words, "words"))
    return setting.make(
        "event",
        line.id,
        line.told_at,
        status="occurred",
        description=None if setting.level.outside else words,
        lang=LANGUAGE if words and not setting.level.outside else None,
        **setting.when(line.at),
    )


def _task(setting: Setting, task: Task) -> Stix:
    kind = _PHASES.get(task.phase or "")
    return setting.make(
        "task",
        task.id,
        task.opened_at,
        task.answered_at,
        outcome=_outcome(task),
        # Outside, a title may tell what the victim has told us.
        name=None if setting.level.outside else _title(task),
        lang=None if setting.level.outside else LANGUAGE,
        task_types=[*([kind] if kind else []), "playbook-step-execution"],
        **setting.when(task.opened_at, task.answered_at),
    )


def _title(task: Task) -> str:
    return bilingual(task.content.get("title")) or task.name


def _outcome(task: Task) -> str:
    if task.state == WITHDRAWN:
        return "cancelled"
    if task.state != ANSWERED:
        return "ongoing"
    if task.answer == "unknown":
        return "unknown"
    return "successful" if task.answer in _DONE else "failed"


def _status(setting: Setting) -> str:
    ending = ending_of(setting.case)
    if ending is None:
        return "undetermined"
    return "not-occurred" if ending.determination == "false-positive" else "occurred"


def _lines(setting: Setting, kinds: Iterable[str]) -> Sequence[CaseEvent]:
    wanted = select(CaseEvent).where(CaseEvent.case_id == setting.case.id)
    wanted = wanted.where(CaseEvent.kind.in_(list(kinds)))
    return session().scalars(wanted.order_by(CaseEvent.at, CaseEvent.id)).all()
