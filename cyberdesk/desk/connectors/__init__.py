"""Connectors: the hands of playbooks in other systems."""

from collections.abc import Iterable
from typing import Any

from cyberdesk.core.events import events
from cyberdesk.core.room import Link, Room
from cyberdesk.core.text import _
from cyberdesk.desk.connectors.journalled import ACTS, SUBJECTS
from cyberdesk.desk.connectors.policy import POLICY


def _doors() -> Iterable[Any]:
    from cyberdesk.desk.connectors.views import door

    return (door,)


def _wire() -> None:
    events.subscribe("process:started", _look_around)


def _look_around(settings: Any) -> None:
    if settings.connectors_dir is not None:  # else nothing needs the catalogue yet
        from cyberdesk.desk.connectors.catalogue import look_in

        look_in(settings.connectors_dir)


ROOM = Room(
    name="connectors",
    title=_("Connectors"),
    journalled=ACTS | SUBJECTS,
    policy=POLICY,
    doors=_doors,
    wire=_wire,
    navigation=(
        Link(_("Connectors"), "connectors.index", "plug-connected", "connector:list", order=83),
    ),
)
