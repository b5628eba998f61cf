"""Playbooks that are begun once in a case: the house answers the engine, under the case's lock."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from cyberdesk.core.db import session
from cyberdesk.desk.playbooks.engine import Command, Event
from cyberdesk.desk.playbooks.engine.joining import answer_to, first_of, standing_of
from cyberdesk.desk.playbooks.models import Run
from cyberdesk.desk.playbooks.shelf import shelf

_ENDS = {"returned", "finished"}


def answers(run: Run, commands: list[Command]) -> list[Event]:
    """Answer what `commands` ask: has another run of the case begun this playbook?

    Whoever begins a playbook or comes back from one does so under the case's lock, which this
    transaction holds: what is answered here stays true until it is written.
    """
    asked = [command for command in commands if command["do"] == "join"]
    others = _others(run) if asked else []
    return [_answer(others, command) for command in asked]


def to_tell(run: Run, commands: list[Command], event: Event) -> Sequence[UUID]:
    """Return the runs that have joined a playbook and must ask how it stands now.

    Not when all runs of the case are stopped: nobody is to begin anything then.
    """
    if event["type"] == "stop" or not any(command["do"] in _ENDS for command in commands):
        return ()
    wanted = select(Run.id).where(
        Run.case_id == run.case_id,
        Run.id != run.id,
        Run.ended_at.is_(None),
        Run.waits.contains(["joining"]),
    )
    session().flush()
    return session().scalars(wanted.order_by(Run.id)).all()


def _others(run: Run) -> Sequence[Run]:
    """Return the other runs of the case as they are now, not as they were when first read."""
    session().flush()
    wanted = select(Run).where(Run.case_id == run.case_id, Run.id != run.id)
    fresh = wanted.order_by(Run.id).execution_options(populate_existing=True)
    return session().scalars(fresh).all()


def _answer(others: Sequence[Run], command: Command) -> Event:
    name, given = command["playbook"], command["given"]
    found = (standing_of(shelf, run.state, name, given) for run in others)
    return answer_to(command, first_of(one for one in found if one is not None))
