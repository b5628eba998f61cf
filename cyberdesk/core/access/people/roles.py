"""Where each role is held, and what it is called on screen."""

from collections.abc import Mapping

from cyberdesk.core.access.actor import EVERYWHERE
from cyberdesk.core.access.permissions import Role
from cyberdesk.core.errors import InvalidError
from cyberdesk.core.text import Text, _

NAMES: Mapping[str, Text] = {
    Role.RESPONDER: _("Responder"),
    Role.LEAD: _("Lead of the desk"),
    Role.OFFICER: _("Strand officer"),
    Role.TRAINER: _("Trainer"),
    Role.AUDITOR: _("Auditor"),
    Role.ADMIN: _("Administrator"),
    Role.MEMBER: _("Staff of the organisation"),
    Role.MANAGER: _("Manager of the organisation"),
    Role.MAYOR: _("Mayor or head"),
    Role.DPO: _("Data protection officer"),
    Role.PROVIDER: _("IT provider"),
}
ON_A_DESK = (Role.RESPONDER, Role.LEAD, Role.OFFICER, Role.TRAINER)
OF_AN_ORGANISATION = (Role.MEMBER, Role.MANAGER, Role.MAYOR, Role.DPO)
ANYWHERE = (Role.ADMIN, Role.AUDITOR)
GIVEN = (*ON_A_DESK, *OF_AN_ORGANISATION, *ANYWHERE)

_desks: dict[str, Text] = {}


def open_desk(strand: str, title: Text) -> None:
    """Let roles be held on the desk of `strand`. Idempotent."""
    _desks[strand] = title


def desks() -> Mapping[str, Text]:
    return dict(_desks)


def strand_of(role: str, strand: str | None, organisation: object | None) -> str | None:
    """Return the strand that a membership of `role` bears. Raises InvalidError if out of place."""
    if role in ANYWHERE:
        return EVERYWHERE
    if role in ON_A_DESK:
        if strand not in _desks:
            raise InvalidError(fields={"strand": [_("Choose the desk.")]})
        return strand
    if role in OF_AN_ORGANISATION and organisation is not None:
        return None
    if role not in GIVEN:
        raise InvalidError(fields={"role": [_("Choose a role.")]})
    raise InvalidError(fields={"organisation": [_("Choose the organisation.")]})
