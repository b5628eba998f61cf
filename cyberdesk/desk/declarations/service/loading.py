"""Reaching a declaration: the one loader."""

from uuid import UUID

from sqlalchemy import select

from cyberdesk.core.access import Actor
from cyberdesk.core.db import session
from cyberdesk.core.errors import NotFoundError
from cyberdesk.core.text import _
from cyberdesk.desk.declarations.models import DROPPED, Declaration


def access_declaration(actor: Actor, declaration_id: UUID | None = None) -> Declaration:
    """Return the declaration when `actor` may read it; without an id, the one of their link.

    Raises NotFoundError, the same for absent, dropped and forbidden.
    """
    wanted = declaration_id or _held(actor)
    found = session().scalar(select(Declaration).where(Declaration.id == wanted))
    if found is None or found.state == DROPPED or not actor.may("declaration:read", found.place()):
        raise NotFoundError(
            _("There is no such declaration, or it is not open to you."),
            hint=_("Come back with your reference and code, or start a new declaration."),
        )
    return found


def hold(declaration: Declaration) -> Declaration:
    """Keep the row until the transaction ends and read it anew: saves and sendings queue up."""
    session().flush()  # a refresh would drop what is not written yet
    session().refresh(declaration, with_for_update={"of": Declaration})
    return declaration


def _held(actor: Actor) -> UUID | None:
    return next((grant.declaration for grant in actor.grants if grant.declaration), None)
