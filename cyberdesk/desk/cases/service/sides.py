"""Who stands where in a case: the desk, the commune, and those who read a part of it alone.

An outside IT provider and a data protection officer are asked for something of their own. They read
that, and the messages that were addressed to them; not what the victim and the centre say to each
other. Whoever is also of the commune reads as the commune does.
"""

from cyberdesk.core.access import Actor, Role
from cyberdesk.core.text import Text, _
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.cases.service.telling import on_the_desk

DESK, COMMUNE, PROVIDER, DPO = "desk", "commune", "provider", "dpo"
NARROW: dict[str, str] = {Role.PROVIDER.value: PROVIDER, Role.DPO.value: DPO}
READERS: dict[str, Text] = {
    PROVIDER: _("The IT provider reads it too"),
    DPO: _("The data protection officer reads it too"),
}


def side_of(actor: Actor, case: Case) -> str:
    """Say for whom `actor` speaks in this case."""
    if on_the_desk(actor, case):
        return DESK
    here = {grant.role for grant in actor.grants if grant.covers(case.place())}
    return NARROW[here.pop()] if len(here) == 1 and here <= NARROW.keys() else COMMUNE


def narrow(actor: Actor, case: Case) -> str | None:
    """Return the side of somebody who reads a part of the case alone, None for all others."""
    side = side_of(actor, case)
    return side if side in READERS else None
