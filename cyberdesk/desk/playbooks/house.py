"""Acts of the house in the transaction of their step; each is undone alone when it is refused."""

from collections.abc import Mapping
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from cyberdesk.core.db import session
from cyberdesk.core.errors import RefusalError
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.playbooks.actions import ENGINE, HouseAct, house_act
from cyberdesk.desk.playbooks.engine import Command, Event
from cyberdesk.desk.playbooks.ledger import key_of, new_effect
from cyberdesk.desk.playbooks.models import DONE, Effect, Run

_log = structlog.get_logger(__name__)


def carry_out(run: Run, commands: list[Command]) -> list[Event]:
    """Carry out what the house can do itself among `commands`; return what came of it."""
    acts = [(c, house_act(c["action"])) for c in commands if c["do"] == "act"]
    return [_result(run, command, act) for command, act in acts if act is not None]


def _result(run: Run, command: Command, act: HouseAct) -> Event:
    told = {"type": "result", "path": command["path"], "ticket": command["ticket"]}
    if command["once_per"] == "step":
        return {**told, **_outcome(run, command["input"], act)}
    return {**told, **_once(run, command, act)}


def _once(run: Run, command: Command, act: HouseAct) -> dict[str, Any]:
    """Act unless the ledger says that this run, or this case, has had this effect."""
    held = select(Effect).where(Effect.key == key_of(run, command), Effect.status == DONE)
    before = session().scalar(held)
    if before is not None:
        return {"outcome": "done", "output": before.output}
    outcome = _outcome(run, command["input"], act)
    if outcome["outcome"] == "done":
        effect = new_effect(run, command)
        effect.status, effect.ended_at, effect.output = DONE, effect.due_at, outcome["output"]
        session().add(effect)
        session().flush()
    return outcome


def _outcome(run: Run, given: Mapping[str, Any], act: HouseAct) -> dict[str, Any]:
    case = session().get_one(Case, run.case_id)
    try:
        with session().begin_nested():
            output = act(ENGINE, case, given)
    except RefusalError as error:
        return {"outcome": "failed", "code": error.code, "message": str(error.message)}
    except SQLAlchemyError:
        raise
    except Exception as error:  # noqa: BLE001  # a faulty act fails its step, not the whole run
        _log.error("an act of the house failed", run=str(run.id), exc_info=True)
        return {"outcome": "failed", "code": "error", "message": type(error).__name__}
    return {"outcome": "done", "output": dict(output or {})}
