"""Settings and secrets of connectors: by an administrator, or from the environment."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select

from cyberdesk.core import clock
from cyberdesk.core.access import Actor, allowed
from cyberdesk.core.audit import note, recorded
from cyberdesk.core.crypto import vault
from cyberdesk.core.db import seeing, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.errors import InvalidError, NotFoundError
from cyberdesk.core.text import _
from cyberdesk.desk.connectors.catalogue import Installed, catalogue
from cyberdesk.desk.connectors.models import ConnectorSetup
from cyberdesk.desk.connectors.schemas import faults
from cyberdesk.desk.connectors.service.rows import setup_of


@allowed("connector:list")
def setups(actor: Actor) -> list[tuple[Installed, ConnectorSetup | None]]:
    """Return every installed connector with its set-up, if it has one."""
    with seeing(SYSTEM):
        held = {row.name: row for row in session().scalars(select(ConnectorSetup))}
    return [(installed, held.get(name)) for name, installed in sorted(catalogue().items())]


@allowed("connector:list")
def access_connector(actor: Actor, name: str) -> tuple[Installed, ConnectorSetup | None]:
    """Return one installed connector and its set-up. Raises NotFoundError."""
    installed = _installed(name)
    with seeing(SYSTEM):
        return installed, setup_of(name)


@allowed("connector:configure")
@recorded("connector:configure")
def configure(
    actor: Actor,
    name: str,
    *,
    given: Mapping[str, Any],
    enabled: bool,
    forget: Collection[str] = (),
) -> ConnectorSetup:
    """Set a connector up. A secret left empty is kept, unless named in `forget`.

    Raises InvalidError with the faults by field.
    """
    installed = _installed(name)
    fresh = {k: v for k, v in given.items() if k in installed.manifest.secrets and v}
    settings = {k: v for k, v in given.items() if k not in installed.manifest.secrets}
    with seeing(SYSTEM):
        setup = setup_of(name)
        held = {k: v for k, v in (setup.secrets if setup else {}).items() if k not in forget}
        _refuse_faults(installed, {**settings, **held, **fresh})
        setup = setup or _new(name)
        _fill(setup, settings, {**held, **fresh}, changed=set(fresh), by=actor.name)
        setup.enabled, setup.from_environment = enabled, False
        session().flush()
    note(given=sorted(settings), secrets=sorted(fresh), forget=sorted(forget))
    return setup


@allowed("connector:configure")
@recorded("connector:switch")
def switch(actor: Actor, name: str, *, enabled: bool) -> ConnectorSetup:
    """Let a connector act, or stop it; its settings stay. Raises NotFoundError."""
    _installed(name)
    with seeing(SYSTEM):
        setup = setup_of(name)
        if setup is None:
            raise NotFoundError(_("This connector was never set up."))
        setup.enabled = enabled
    return setup


def acts(name: str) -> bool:
    """Say whether the connector `name` is set up and switched on."""
    with seeing(SYSTEM):
        setup = setup_of(name)
    return setup is not None and setup.enabled


def ensure(name: str, settings: Mapping[str, Any], secrets: Mapping[str, str]) -> None:
    """Set a connector up from the environment, anew at each start, unless a person did."""
    setup = setup_of(name)
    if setup is not None and not setup.from_environment:
        return
    if setup is not None and (setup.settings, setup.secrets) == (settings, secrets):
        return
    changed = {k for k, v in secrets.items() if setup is None or setup.secrets.get(k) != v}
    setup = setup or _new(name)
    _fill(setup, settings, secrets, changed=changed, by="")
    setup.enabled, setup.from_environment = True, True


def _installed(name: str) -> Installed:
    installed = catalogue().get(name)
    if installed is None:
        raise NotFoundError(_("There is no such connector."))
    return installed


def _new(name: str) -> ConnectorSetup:
    setup = ConnectorSetup(name=name, key_id=vault.create_key("connector"), secrets_set={})
    session().add(setup)
    return setup


def _fill(
    setup: ConnectorSetup,
    settings: Mapping[str, Any],
    secrets: Mapping[str, str],
    *,
    changed: set[str],
    by: str,
) -> None:
    now = clock.now()
    before = setup.secrets_set
    stamp = {"at": now.isoformat(), "by": by}
    setup.settings, setup.secrets = dict(settings), dict(secrets)
    setup.secrets_set = {k: stamp if k in changed else before.get(k, stamp) for k in secrets}
    setup.changed_at, setup.changed_by = now, by


def _refuse_faults(installed: Installed, given: Mapping[str, Any]) -> None:
    if found := faults(installed.manifest.settings, given):
        raise InvalidError(
            _("These settings do not fit the connector."),
            fields={name or "settings": [said] for name, said in found.items()},
        )
