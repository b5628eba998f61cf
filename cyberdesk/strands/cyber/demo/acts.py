"""What people do in the demo: each act goes through the service that a page would call."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from cyberdesk.core import clock
from cyberdesk.core.access import Actor, ActorKind
from cyberdesk.core.db import atomic
from cyberdesk.core.jobs import delivery
from cyberdesk.core.letters.writing import TOPIC
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.clocks import service as clocks
from cyberdesk.desk.clocks.models import Clock
from cyberdesk.desk.intel import service as intel
from cyberdesk.desk.intel.reading import read_pasted
from cyberdesk.desk.tasks import service as tasks
from cyberdesk.desk.tasks.audience import DESK, VICTIM
from cyberdesk.desk.tasks.models import OPEN
from cyberdesk.strands.cyber import service

_MAILS = frozenset({TOPIC})


class Told(dict[str, Any]):
    """An act as the script tells it, the case it is done to, and the last case of each place."""

    def __init__(self, told: Mapping[str, Any], case_id: UUID, places: Mapping[str, UUID]) -> None:
        super().__init__(told)
        self.case_id, self.places = case_id, places

    def case(self, actor: Actor) -> Case:
        return cases.find_case(actor, self.case_id)


def do_at(moment: datetime, act: Any) -> None:
    """Do `act` as if it were `moment`, then whatever the house does after it."""
    with clock.using(clock.still(moment)):
        act()
        settle()


def settle() -> None:
    """Let the engine go on until nothing is due; mails leave later, by a worker."""
    while delivery.drain(but=_MAILS):
        pass


def _take(actor: Actor, act: Told) -> None:
    with atomic(actor.scope):
        cases.take(actor, act.case(actor))


def _call(actor: Actor, act: Told) -> None:
    with atomic(actor.scope):
        case = act.case(actor)
        cases.log_call(
            actor, case, role=act["role"], outcome="reached", minutes=9, words=act["words"]
        )


def _write(actor: Actor, act: Told) -> None:
    with atomic(actor.scope):
        cases.write(actor, act.case(actor), body=act["words"])


def _note(actor: Actor, act: Told) -> None:
    with atomic(actor.scope):
        cases.add_note(actor, act.case(actor), body=act["words"])


def _answer(actor: Actor, act: Told) -> None:
    """Answer what their side is asked, round after round: each answer opens the next tasks."""
    side = VICTIM if actor.kind is ActorKind.LINK else DESK
    for _round in range(act["rounds"]):
        with atomic(actor.scope):
            case = act.case(actor)
            for task in tasks.tasks_of(actor, case, state=OPEN):
                if task.who in side:
                    tasks.answer(actor, task, answer="done", values=_likely(task.content))
        settle()


def _likely(content: Mapping[str, Any]) -> dict[str, Any]:
    """Answer what a playbook needs to know to go on, and leave the rest unknown."""
    asked = content.get("questions") or {}
    needed = {name: one for name, one in asked.items() if one.get("unknown") == "refused"}
    return {name: _first_answer(one) for name, one in needed.items()}


def _first_answer(question: Mapping[str, Any]) -> Any:
    if choices := question.get("choices"):
        return next(iter(choices))
    return {"bool": True, "integer": 1, "float": 1}.get(question.get("type", ""), "oui")


def _task(actor: Actor, act: Told) -> None:
    """Answer one named task, as the desk does after a call."""
    with atomic(actor.scope):
        case = act.case(actor)
        asked = [one for one in tasks.tasks_of(actor, case, state=OPEN) if one.name == act["task"]]
        answer, values = act.get("answer", "done"), act.get("values", {})
        tasks.answer(actor, asked[0], answer=answer, values=values, words=act.get("words", ""))


def _settle_kind(actor: Actor, act: Told) -> None:
    with atomic(actor.scope):
        case = act.case(actor)
        service.settle(actor, case, kind=act["kind"], reason=act.get("words", ""))


def _severity(actor: Actor, act: Told) -> None:
    with atomic(actor.scope):
        cases.override_severity(actor, act.case(actor), to=act["to"], reason=act["words"])


def _link(actor: Actor, act: Told) -> None:
    with atomic(actor.scope):
        other = cases.find_case(actor, act.places[act["other"]])
        cases.link(actor, act.case(actor), other=other, reason=act["words"])


def _escalate(actor: Actor, act: Told) -> None:
    with atomic(actor.scope):
        cases.escalate(actor, act.case(actor), reason=act["words"])


def _reopen(actor: Actor, act: Told) -> None:
    with atomic(actor.scope):
        cases.reopen_case(actor, act.case(actor), reason=act["words"])


def _clock(actor: Actor, act: Told) -> None:
    with atomic(actor.scope):
        clocks.complete(actor, _held(actor, act), at=clock.now(), proof=act["words"])


def _exclude(actor: Actor, act: Told) -> None:
    with atomic(actor.scope):
        clocks.exclude(actor, _held(actor, act), reason=act["words"])


def _held(actor: Actor, act: Told) -> Clock:
    found = clocks.clocks(actor, act.case(actor))
    return next(one for one in found if one.name == act["name"])


def _trace(actor: Actor, act: Told) -> None:
    """Note what the attack left behind, and make indicators of what others should look for."""
    with atomic(actor.scope):
        case = act.case(actor)
        values = read_pasted(act["words"]).values
        added = intel.add_observables(actor, case, values, note=act["note"])
        for row in added.new:
            if row.value.text in act["indicators"]:
                intel.make_indicator(actor, row)


def _close(actor: Actor, act: Told) -> None:
    with atomic(actor.scope):
        cases.close_case(
            actor,
            act.case(actor),
            outcome=act["outcome"],
            determination=act["determination"],
            causes=act["causes"],
            damages=act["damages"],
            cause=act["words"],
            damage=act.get("damage", act["words"]),
            lessons=act.get("lessons", act["words"]),
            letter=act["letter"],
        )


Act = Callable[[Actor, Told], None]
ACTS: Mapping[str, Act] = {
    "take": _take,
    "call": _call,
    "write": _write,
    "note": _note,
    "answer": _answer,
    "task": _task,
    "settle": _settle_kind,
    "severity": _severity,
    "link": _link,
    "escalate": _escalate,
    "reopen": _reopen,
    "clock": _clock,
    "exclude": _exclude,
    "trace": _trace,
    "close": _close,
}
