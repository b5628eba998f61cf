"""Organisations that no directory knows: schools, associations, services…"""

from uuid import UUID

from cyberdesk.core import clock
from cyberdesk.core.access.actor import Actor
from cyberdesk.core.access.directory.words import indexed
from cyberdesk.core.access.guard import allowed
from cyberdesk.core.access.models import Organisation
from cyberdesk.core.audit import recorded
from cyberdesk.core.db import seeing, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.errors import ConflictError, InvalidError, NotFoundError
from cyberdesk.core.text import Text, _

KINDS: dict[str, Text] = {
    "commune": _("Commune"),
    "epci": _("Group of communes (EPCI)"),
    "departement": _("Département"),
    "region": _("Region"),
    "lycee": _("Lycée"),
    "association": _("Association"),
    "csirt": _("CSIRT"),
    "state": _("State service"),
    "other": _("Other organisation"),
}
ADDED = ("lycee", "association", "csirt", "state", "other")


@allowed("organisation:manage")
@recorded("organisation:add")
def add_organisation(actor: Actor, *, kind: str, name: str, code: str | None) -> Organisation:
    """Add an organisation. `code` is its SIREN or UAI; a second one of the same kind is refused."""
    if kind not in ADDED:
        raise InvalidError(
            _("Communes and their groups come with the directory."),
            fields={"kind": [_("Choose another kind.")]},
        )
    _refuse_known(kind, code)
    row = Organisation(
        kind=kind,
        name=name,
        code=code,
        search=indexed(name, [code] if code else []),
        facts={},
        created_at=clock.now(),
    )
    with seeing(SYSTEM):
        session().add(row)
    return row


@allowed("organisation:manage")
@recorded("organisation:change")
def change_organisation(
    actor: Actor,
    organisation: Organisation,
    *,
    name: str,
    code: str | None,
) -> Organisation:
    """Rename an organisation that was added here. Those of the directory follow the directory."""
    if organisation.kind not in ADDED:
        raise ConflictError(_("This organisation comes with the directory and follows it."))
    if code != organisation.code:
        _refuse_known(organisation.kind, code)
    with seeing(SYSTEM):
        organisation.name, organisation.code = name, code
        organisation.search = indexed(name, [code] if code else [])
    return organisation


def access_organisation(organisation_id: UUID) -> Organisation:
    """Return an organisation; they are known to everybody. Raises NotFoundError."""
    found = session().get(Organisation, organisation_id)
    if found is None:
        raise NotFoundError
    return found


def _refuse_known(kind: str, code: str | None) -> None:
    known = code and session().query(Organisation.id).filter_by(kind=kind, code=code).first()
    if known:
        raise InvalidError(fields={"code": [_("There is one with this code already.")]})
