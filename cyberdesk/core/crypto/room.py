"""The room of keys: after a rotation, data keys are wrapped anew in the background."""

from datetime import timedelta

from cyberdesk.core.crypto.vault import rewrap_all
from cyberdesk.core.room import Room, Sweep
from cyberdesk.core.text import _

ROOM = Room(
    name="crypto",
    title=_("Keys"),
    sweeps=(Sweep("keys", timedelta(hours=1), rewrap_all),),
)
