"""Every run beside one that nothing disturbed: the same steps, answers, variables and effects."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from cyberdesk.core.db import atomic, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.playbooks.models import Effect, Run
from tests.chaos.books import counted_as, kind_of
from tests.chaos.far_end import FarEnd

_OF_EACH_CASE = {"reference"}
_COUNTED = {"folded"}  # by the far end: more than once where a repeatable effect was sent again


def differing(name: str, undisturbed: str, far: FarEnd) -> list[str]:
    """Return what is other in any run of playbook `name` than in that of the case `undisturbed`."""
    with atomic(SYSTEM):
        runs = session().scalars(select(Run).where(Run.name == name).join(Case)).all()
        effects = _happened(name, far)
        told = {run.id: _told(run, effects.get(run.id, set())) for run in runs}
        names = {run.id: run.case.reference for run in runs}
    model = next((told[one] for one, case in names.items() if case == undisturbed), None)
    if model is None:
        return ["there is no run that nothing disturbed"]
    return [
        f"{names[one]}: {what} is {found[what]!r}, not {model[what]!r}"
        for one, found in told.items()
        for what in model
        if found[what] != model[what]
    ]


def _happened(name: str, far: FarEnd) -> dict[UUID, set[str]]:
    """Return the paths of which the far end knows the effect, by run; a person may have said so."""
    found: dict[UUID, set[str]] = {}
    for effect in session().scalars(select(Effect).join(Run).where(Run.name == name)):
        kind, key = kind_of(effect.action), counted_as(effect.action, effect.key)
        if far.count(kind, key):
            found.setdefault(effect.run_id, set()).add(effect.path)
    return found


def _told(run: Run, effects: set[str]) -> Mapping[str, Any]:
    state = run.state
    values: Mapping[str, Any] = state["contexts"][""]["vars"]
    return {
        "status": (run.status, run.outcome),
        "variables": {
            name: value is not None if name in _COUNTED else value
            for name, value in values.items()
            if name not in _OF_EACH_CASE
        },
        "steps": {
            path: (one["status"], one.get("answer")) for path, one in sorted(state["steps"].items())
        },
        "effects": sorted(effects),
    }
