"""Reaching the runs of a case."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select

from cyberdesk.core.access import Actor
from cyberdesk.core.db import every_kept, session
from cyberdesk.core.db.holding import is_new
from cyberdesk.core.errors import NotFoundError
from cyberdesk.core.text import _
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.playbooks.engine.titles import listed_title
from cyberdesk.desk.playbooks.models import Run
from cyberdesk.desk.playbooks.shelf import shelf
from cyberdesk.desk.playbooks.steps import Wait


def runs_of(case: Case) -> Sequence[Run]:
    """Return the runs of a case, oldest first."""
    if is_new(case):
        return [run for run in every_kept(Run) if run.case is case]
    wanted = select(Run).where(Run.case_id == case.id)
    with session().no_autoflush:  # runs are never pending: they are written as they begin
        return session().scalars(wanted.order_by(Run.started_at, Run.id)).all()


def access_run(actor: Actor, run_id: UUID) -> Run:
    """Return the run when `actor` may see it. Raises NotFoundError, absent or forbidden."""
    run = session().get(Run, run_id)
    if run is None or not actor.may("run:read", run.place()):
        raise NotFoundError(_("There is no such run, or it is not open to you."))
    return run


def title_of(run: Run, path: str) -> Mapping[str, str]:
    """Return the title of a step of the run, as lists may show it."""
    one = run.state.get("steps", {}).get(path)
    if one is None:
        return {"fr": path, "en": path}
    context = run.state["contexts"][one["ctx"]]
    program = shelf[context["program"]]
    return listed_title(program, program.steps[one["step"]], context["vars"])


def signal_title(run: Run, name: str) -> Mapping[str, str]:
    """Return what the step is called that waits for a signal; its name when no step does."""
    for context in run.state["contexts"].values():
        program = shelf[context["program"]]
        for step in program.steps.values():
            if isinstance(step, Wait) and step.signal == name and step.named:
                return listed_title(program, step, context["vars"])
    return {"fr": name, "en": name}


def facts_read_by(run: Run) -> set[str]:
    """Return the names of the case's facts that the run, or a playbook it calls, is told."""
    seen: set[str] = set()
    names: set[str] = set()
    left = [run.hash]
    while left:
        program = shelf[left.pop()]
        seen.add(program.hash)
        names |= {held.fact for held in program.variables.values() if held.fact}
        left += [hash_ for hash_ in program.pinned() if hash_ not in seen]
    return names
