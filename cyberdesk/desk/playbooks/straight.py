"""Going straight on: one statement completes an effect and takes the next one of its run.

Most effects are followed by one more and by nothing else. Then nothing is read: the run is known
from before, advanced in memory, and written if it is still as known (`Run.number`) and if the
effect is still held by its token. Whatever is not that plain goes the long way (`effects.py`),
from the beginning.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import psycopg
import structlog

from cyberdesk.core import clock
from cyberdesk.core.audit import entry_of
from cyberdesk.core.connector import ConnectorError
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.desk.connectors.service import Prepared, Seen
from cyberdesk.desk.playbooks import ledger
from cyberdesk.desk.playbooks.actions import ENGINE, house_act, takes_commands
from cyberdesk.desk.playbooks.engine import Command, Event
from cyberdesk.desk.playbooks.engine.loop import advance_in_place
from cyberdesk.desk.playbooks.engine.state import milliseconds
from cyberdesk.desk.playbooks.held import Held, Remembered, held
from cyberdesk.desk.playbooks.keeper import standing, told_of
from cyberdesk.desk.playbooks.models import Effect
from cyberdesk.desk.playbooks.readying import made_ready, ready_after
from cyberdesk.desk.playbooks.shelf import shelf
from cyberdesk.desk.playbooks.stride import Setup, stride
from cyberdesk.desk.playbooks.trace import GONE, rows_of_steps

_log = structlog.get_logger(__name__)
_PLAIN = {"step", "move", "act"}  # commands that become rows and concern nobody else


def go_on(mine: Held, event: Event) -> Held | None:
    """Write that `mine` is done, as `event` tells, and return the next effect of the run, held.

    None when it is not that plain, or anything has changed meanwhile: then nothing is written.
    """
    since = clock.steady()
    with atomic(SYSTEM):  # used only where a playbook or a connector must be read
        now, known = clock.now(), mine.known
        run, state = known.run, known.state
        commands = advance_in_place(shelf, state, event, milliseconds(now))
        act = _one_act(commands)
        if act is None or any(getattr(run, k) != v for k, v in standing(state, now).items()):
            return None
        run.state = state
        effect = ledger.new_effect(run, act)
        ledger.lease(effect)
        setup = _written(mine, effect, event, commands, now)
        if setup is None:
            return None
        following = Remembered(run, state, known.number + 1)
        return held(effect, following, _ready(mine, effect, act["input"], setup), since)


def _written(
    mine: Held, effect: Effect, event: Event, commands: list[Command], now: datetime
) -> Setup | None:
    run = mine.known.run
    try:
        return stride(
            run=run,
            number=mine.known.number,
            effect=effect,
            steps=rows_of_steps(run, commands, now),
            entry=entry_of(ENGINE, "run:result", run, told_of(run, event, commands)),
            mine=mine.id,
            token=mine.token,
            output=ledger.sealed_output(run, mine.id, event.get("output")),
            at=now,
            connector=mine.action.partition(".")[0],
        )
    except psycopg.OperationalError:  # the long way finds out what has become of it
        _log.warning("going on the long way", action=mine.action, exc_info=True)
        return None


def _one_act(commands: list[Command]) -> Command | None:
    """Return the one effect that follows, if nothing else does that concerns anybody."""
    acts = []
    for command in commands:
        if command["do"] not in _PLAIN or command.get("status") in GONE:
            return None
        if command["do"] == "act":
            acts.append(command)
    if len(acts) != 1 or acts[0]["once_per"] != "step" or house_act(acts[0]["action"]):
        return None
    return acts[0]


def _ready(
    mine: Held, effect: Effect, given: Mapping[str, Any], setup: Setup
) -> Prepared | ConnectorError:
    """Make the next one ready: from what `mine` needed, where that is still how it is set up."""
    last = mine.ready
    same = effect.action.partition(".")[0] == mine.action.partition(".")[0]
    if not same or isinstance(last, ConnectorError) or takes_commands(effect.action):
        return made_ready(effect, mine.known.run)
    if not setup.enabled or setup.changed_at != last.set_up_at:
        return made_ready(effect, mine.known.run)
    return ready_after(replace(last, seen=Seen(setup.used_at, setup.used_ok)), effect, given)
