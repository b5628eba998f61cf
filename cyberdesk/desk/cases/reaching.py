"""Which cases somebody reaches, as SQL: what `actor.may(permission, case.place())` says of one."""

from sqlalchemy import ColumnElement, false, or_, true

from cyberdesk.core.access import Actor, Grant
from cyberdesk.core.access.actor import EVERYWHERE
from cyberdesk.desk.cases.models import Case


def within(actor: Actor, permission: str) -> ColumnElement[bool]:
    """Return the condition of cases where `actor` has `permission`.

    Row security asks for reach by itself; said here too, the narrower scopes of a token count, and
    the index that begins by the strand serves.
    """
    held = [grant for grant in actor.grants if grant.permits(permission)]
    return or_(false(), *(_covered(grant) for grant in held))


def _covered(grant: Grant) -> ColumnElement[bool]:
    if grant.strand:
        return true() if grant.strand == EVERYWHERE else Case.strand == grant.strand
    if grant.organisation:
        return Case.organisation_id == grant.organisation
    if grant.case:
        return Case.id == grant.case
    return Case.declaration_id == grant.declaration
