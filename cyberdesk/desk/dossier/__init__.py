"""The dossier of a case as one PDF, for an insurer, an investigator, a judge; and its letter."""

from collections.abc import Iterable
from typing import Any

from cyberdesk.core.room import Room
from cyberdesk.core.text import _
from cyberdesk.desk.dossier.journalled import ACTS
from cyberdesk.desk.dossier.policy import POLICY


def _doors() -> Iterable[Any]:
    from cyberdesk.desk.dossier.views import door

    return [door]


def _wire() -> None:
    from cyberdesk.desk.cases import panels
    from cyberdesk.desk.dossier.cards import ACTION, PANEL
    from cyberdesk.desk.dossier.sections import SECTIONS, add

    panels.add_action(ACTION)
    panels.add_panel(PANEL)
    add(*SECTIONS)


ROOM = Room(
    name="dossier", title=_("Dossier"), policy=POLICY, doors=_doors, wire=_wire, journalled=ACTS
)
