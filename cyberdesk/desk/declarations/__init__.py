"""Declarations: a call for help, saved as it is given, sent once, followed in a private space."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from cyberdesk.core.room import Link, Room, Sweep
from cyberdesk.core.text import _
from cyberdesk.desk.declarations.journalled import ACTS, SUBJECTS
from cyberdesk.desk.declarations.policy import OPENS, POLICY


def _doors() -> Iterable[Any]:
    from cyberdesk.desk.declarations.api import door as api
    from cyberdesk.desk.declarations.space import door as space
    from cyberdesk.desk.declarations.views import door

    return (door, space, api)


def _wire() -> None:
    from cyberdesk.desk.cases import panels, story
    from cyberdesk.desk.declarations import dossier, traces
    from cyberdesk.desk.declarations.panel import PANEL
    from cyberdesk.desk.declarations.stories import STORIES
    from cyberdesk.desk.dossier import sections
    from cyberdesk.desk.intel import sources

    panels.add_panel(PANEL)
    story.register(STORIES)
    sections.add(*dossier.CHAPTERS)
    sources.register("declaration", traces.answers)
    sources.register("files", traces.files)


def _drop_stale() -> int:
    from cyberdesk.desk.declarations.service.stale import drop_stale

    return drop_stale()


ROOM = Room(
    name="declarations",
    title=_("Declarations"),
    journalled=ACTS | SUBJECTS,
    policy=POLICY,
    opens=OPENS,
    doors=_doors,
    navigation=(Link(_("Your cases"), "space.home", "folder", "space:enter", order=2),),
    wire=_wire,
    sweeps=(Sweep("declarations:stale", timedelta(hours=1), _drop_stale),),
)
