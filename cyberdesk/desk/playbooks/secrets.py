"""The store of secrets that playbooks name by reference (CACAO 2.0 §6: `kms_key_identifier`).

A secret is bound to the hosts that it may go to: a playbook from elsewhere chooses what it sends,
never where a secret of ours ends up.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import select

from cyberdesk.core import clock
from cyberdesk.core.access import Actor, allowed
from cyberdesk.core.audit import note, recorded
from cyberdesk.core.connector import ConnectorError, Reason, both
from cyberdesk.core.crypto import vault
from cyberdesk.core.db import seeing, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.errors import InvalidError
from cyberdesk.core.ids import new_id
from cyberdesk.core.text import _
from cyberdesk.desk.playbooks.exchange.secrets import HEADER, Taken, hosts
from cyberdesk.desk.playbooks.models import PlaybookSecret

_LONGEST = 20_000


@allowed("playbook:secret")
def secrets(actor: Actor) -> list[PlaybookSecret]:
    """Return what the store holds, by name; what a secret says stays sealed."""
    with seeing(SYSTEM):
        return list(session().scalars(select(PlaybookSecret).order_by(PlaybookSecret.name)))


@allowed("playbook:secret")
@recorded("secret:keep")
def keep(
    actor: Actor, name: str, *, fields: Mapping[str, str], hosts: Collection[str]
) -> PlaybookSecret:
    """Keep a secret under `name`, or change it; a field left empty stays as it was.

    Raises InvalidError.
    """
    fresh = {key: held for key, held in fields.items() if held}
    if not name or any(len(held) > _LONGEST for held in fresh.values()):
        raise InvalidError(_("This secret has no name, or is too long."))
    row = _keep(name, fresh, hosts, by=actor.name)
    note(fields=sorted(fresh), hosts=sorted(hosts))
    return row


def keep_taken(taken: Iterable[Taken], *, by: str) -> None:
    """Put the secrets of an imported playbook away; one that is there already stays as it is."""
    for one in taken:
        if _held(one.reference) is None:
            _keep(one.reference, one.fields, one.hosts, by=by)


def known(names: Collection[str]) -> set[str]:
    """Return those of `names` that the store holds."""
    with seeing(SYSTEM):
        wanted = select(PlaybookSecret.name).where(PlaybookSecret.name.in_(names))
        return set(session().scalars(wanted))


def filled_in(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the input of a command with its secrets in the place of their references.

    For the moment of acting alone: it is written nowhere. Raises ConnectorError.
    """
    filled = dict(given)
    aimed = frozenset(hosts(given.get("target") or {}))
    access = given.get("authentication")
    if isinstance(access, Mapping) and access.get("kms"):
        name = str(access.get("kms_key_identifier") or "")
        filled["authentication"] = {**access, **_fields(name, aimed)}
    headers = given.get("headers")
    if isinstance(headers, Mapping):
        filled["headers"] = {
            name: [_header(str(value), aimed) for value in values]
            for name, values in headers.items()
        }
    return filled


def _header(value: str, aimed: Collection[str]) -> str:
    if not value.startswith(HEADER):
        return value
    return _fields(value.removeprefix(HEADER), aimed).get("value", "")


def _fields(name: str, aimed: Collection[str]) -> dict[str, str]:
    row = _held(name)
    if row is None:
        raise ConnectorError(
            both(f"the store holds no secret {name}", f"le coffre n’a pas de secret {name}"),
            hint=both(
                "Keep it under Playbooks › Secrets, then retry.",
                "Déposez-le sous Procédures › Secrets, puis réessayez.",
            ),
            reason=Reason.UNSET,
            again=False,
        )
    if not aimed or not set(aimed) <= set(row.hosts):
        said = ", ".join(sorted(aimed)) or "?"
        raise ConnectorError(
            both(
                f"the secret {name} may not go to {said}", f"le secret {name} ne va pas vers {said}"
            ),
            hint=both(
                "Allow the host under Playbooks › Secrets, if that is right.",
                "Autorisez l’hôte sous Procédures › Secrets, si c’est juste.",
            ),
            reason=Reason.GUARDED,
            again=False,
        )
    return dict(row.fields)


def _held(name: str) -> PlaybookSecret | None:
    with seeing(SYSTEM):
        return session().scalars(select(PlaybookSecret).where(PlaybookSecret.name == name)).first()


def _keep(
    name: str, fresh: Mapping[str, str], allowed_hosts: Iterable[str], *, by: str
) -> PlaybookSecret:
    with seeing(SYSTEM):
        row = _held(name)
        if row is None:
            row = PlaybookSecret(id=new_id(), name=name, key_id=vault.create_key("playbook"))
            session().add(row)
        row.fields = {**row.fields, **fresh}
        row.hosts = sorted({host.strip().lower() for host in allowed_hosts if host.strip()})
        row.set_at, row.set_by = clock.now(), by
        session().flush()
    return row
