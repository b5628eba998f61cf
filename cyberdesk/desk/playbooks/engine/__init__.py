"""The pure engine: `advance(library, state, event, now) -> (state, commands)`.

It interprets data, knows no database and asks no clock. Its state is plain JSON.
"""

from cyberdesk.desk.playbooks.engine.loop import advance
from cyberdesk.desk.playbooks.engine.reasons import Reason, reasons
from cyberdesk.desk.playbooks.engine.state import (
    FINAL_RUN,
    SEMANTICS,
    Command,
    Event,
    Library,
    State,
    new_state,
    next_due,
)

__all__ = [
    "FINAL_RUN",
    "SEMANTICS",
    "Command",
    "Event",
    "Library",
    "Reason",
    "State",
    "advance",
    "new_state",
    "next_due",
    "reasons",
]
