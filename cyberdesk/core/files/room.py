"""The room of files: every one is read through once a month, and the store is swept daily."""

from datetime import timedelta

from cyberdesk.core.files import upkeep
from cyberdesk.core.files.journalled import ACTS, SUBJECTS
from cyberdesk.core.room import Room, Sweep
from cyberdesk.core.text import _


def _sweep() -> None:
    upkeep.sweep()


ROOM = Room(
    name="files",
    title=_("Files"),
    journalled=ACTS | SUBJECTS,
    deliveries={upkeep.VERIFY: upkeep.check, upkeep.SWEEP: _sweep},
    sweeps=(
        Sweep("files-verify", timedelta(minutes=15), upkeep.ask_for_checks),
        Sweep("files-sweep", timedelta(hours=1), upkeep.ask_for_sweep),
    ),
)
