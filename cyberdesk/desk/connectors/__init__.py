"""Connectors: the hands of playbooks in other systems."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from cyberdesk.core.events import events
from cyberdesk.core.room import Link, Room, Sweep
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


def _call_sources() -> int:
    from cyberdesk.desk.connectors.service.listening import call_sources

    return call_sources()


def _look(name: str) -> None:
    from cyberdesk.desk.connectors.service.listening import look

    look(name)


ROOM = Room(
    name="connectors",
    title=_("Connectors"),
    journalled=ACTS | SUBJECTS,
    policy=POLICY,
    doors=_doors,
    wire=_wire,
    deliveries={"connector:look": _look},
    sweeps=(Sweep("connectors:look", timedelta(seconds=5), _call_sources),),
    navigation=(
        Link(_("Connectors"), "connectors.index", "plug-connected", "connector:list", order=83),
    ),
)
