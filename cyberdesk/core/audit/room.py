"""The room of the journal: entries get their place every second, the head is signed hourly."""

from datetime import timedelta

from cyberdesk.core.audit.checkpoints import checkpoint
from cyberdesk.core.audit.sequencer import integrate_all
from cyberdesk.core.room import Room, Sweep
from cyberdesk.core.text import _


def _sign() -> int:
    return checkpoint().size


ROOM = Room(
    name="audit",
    title=_("Journal"),
    sweeps=(
        Sweep("journal", timedelta(seconds=1), integrate_all),
        Sweep("journal-checkpoint", timedelta(hours=1), _sign),
    ),
)
