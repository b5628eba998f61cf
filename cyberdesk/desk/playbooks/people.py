"""The engine's questions to people become tasks; what a case waits for follows from them."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from cyberdesk.core.db import session
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.playbooks.engine import Command, reasons
from cyberdesk.desk.playbooks.engine.state import ON_PERSON
from cyberdesk.desk.playbooks.models import Run
from cyberdesk.desk.playbooks.shelf import shelf
from cyberdesk.desk.tasks import service as tasks
from cyberdesk.desk.tasks.waiting import show_waiting

ENGINE_SIDE = "engine"


def put(run: Run, commands: Iterable[Command], *, before: Sequence[str]) -> None:
    """Open, close, remind and mark late as the engine says, then tell the queue.

    `before` are the kinds of what the run waited for until now.
    """
    moved = ON_PERSON.isdisjoint(before) is not ON_PERSON.isdisjoint(run.waits)
    for command in commands:
        match command["do"]:
            case "ask":
                tasks.ask(run.case, _asked(run, command), run_id=run.id)
            case "close":
                tasks.close_question(run.id, command["path"], command["ticket"], command["why"])
            case "late":
                tasks.mark_late(run.id, command["path"])
            case "remind":
                tasks.remind(run.id, command["path"])
            case "finished" | "revived":
                pass
            case _:
                continue
        moved = True
    if moved:
        show(run.case)


def show(case: Case) -> None:
    """Say for whom the case waits: a person while any is asked, else its playbooks."""
    if not case.is_open or show_waiting(case):
        return
    going = select(Run).where(Run.case_id == case.id, Run.ended_at.is_(None))
    run = session().scalars(going.order_by(Run.started_at).limit(1)).first()
    if run is None:
        cases.set_waiting(case, None)
    else:
        found = reasons(shelf, run.state)
        why = found[0].title if found and found[0].title.get("fr") else run.title
        cases.set_waiting(case, ENGINE_SIDE, why=why)


def _asked(run: Run, command: Command) -> Command:
    """Four eyes on an action: whoever has the case does not approve their own playbook's act."""
    if command["kind"] == "approve" and run.case.owner_id:
        return command | {"by": str(run.case.owner_id)}
    return command
