"""Reaching a declaration: the one loader."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from cyberdesk.core.access import Actor
from cyberdesk.core.db import holding, seeing, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.errors import NotFoundError
from cyberdesk.core.ids import read_reference
from cyberdesk.core.text import _
from cyberdesk.desk.declarations.models import DROPPED, Declaration


def access_declaration(
    actor: Actor, declaration_id: UUID | None = None, *, to_change: bool = False
) -> Declaration:
    """Return the declaration when `actor` may read it; without an id, the one of their link.

    With `to_change` it is held at once, as `hold` does later. Raises NotFoundError, the same for
    absent, dropped and forbidden.
    """
    wanted = select(Declaration).where(Declaration.id == (declaration_id or _of_link(actor)))
    if to_change:
        wanted = wanted.with_for_update(of=Declaration).execution_options(populate_existing=True)
    found = session().scalar(wanted)
    if found is None or found.state == DROPPED or not actor.may("declaration:read", found.place()):
        raise NotFoundError(
            _("There is no such declaration, or it is not open to you."),
            hint=_("Come back with your reference and code, or start a new declaration."),
        )
    if to_change:
        holding.hold(found)
    return found


def access_told(actor: Actor, reference: str) -> Declaration:
    """Return the declaration of this reference with its case, to be told how it stands.

    Whoever let a program declare it may follow it, and whoever may read it. NotFoundError for all
    others, the same as for one that is not there.
    """
    wanted = select(Declaration).where(
        Declaration.reference == read_reference(reference), Declaration.state != DROPPED
    )
    own = wanted.where(Declaration.made_by_id == actor.person, Declaration.made_by_id.is_not(None))
    with seeing(SYSTEM):
        found = session().scalar(own.options(joinedload(Declaration.case)))
    found = found or session().scalar(wanted.options(joinedload(Declaration.case)))
    mine = found is not None and found.made_by_id is not None and found.made_by_id == actor.person
    if found is None or not (mine or actor.may("declaration:read", found.place())):
        raise NotFoundError(_("There is no such declaration, or it is not open to you."))
    return found


def hold(declaration: Declaration) -> Declaration:
    """Keep the row until the transaction ends and read it anew: saves and sendings queue up."""
    if holding.is_held(declaration):
        return declaration
    session().flush()  # a refresh would drop what is not written yet
    session().refresh(declaration, with_for_update={"of": Declaration})
    holding.hold(declaration)
    return declaration


def _of_link(actor: Actor) -> UUID | None:
    return next((grant.declaration for grant in actor.grants if grant.declaration), None)
