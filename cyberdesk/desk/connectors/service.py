"""Setting connectors up, trying them, and letting them act."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from cyberdesk.core import clock
from cyberdesk.core.access import Actor, allowed
from cyberdesk.core.audit import note, recorded
from cyberdesk.core.connector import ActionManifest, ConnectorError, Context, Tested
from cyberdesk.core.crypto import vault
from cyberdesk.core.db import atomic, seeing, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.egress import Egress, EgressRefusedError
from cyberdesk.core.egress.client import NoAnswerError
from cyberdesk.core.egress.guard import rules
from cyberdesk.core.errors import InvalidError, NotFoundError
from cyberdesk.core.text import _
from cyberdesk.desk.connectors.catalogue import Installed, catalogue
from cyberdesk.desk.connectors.models import ConnectorSetup
from cyberdesk.desk.connectors.schemas import faults


@dataclass(frozen=True, slots=True)
class Prepared:
    """An action ready to run: everything is read, nothing holds a transaction."""

    action: ActionManifest
    installed: Installed
    context: Context
    input: Mapping[str, Any]

    def perform(self) -> Mapping[str, Any]:
        """Act. Raises ConnectorError, whose `done` says what is known of the effect."""
        return self._call(self.action.name)

    def check(self) -> Mapping[str, Any] | None:
        """Ask whether a checkable action was done: its output, or None when it was not."""
        found = self._call(f"check_{self.action.name}")
        return found or None

    def _call(self, name: str) -> Mapping[str, Any]:
        act = self.installed.kind()(self.context).acts().get(name)
        if act is None:
            raise ConnectorError(
                f"{self.installed.manifest.name} has no action {name}", again=False
            )
        try:
            return act(self.input)
        except EgressRefusedError as error:
            raise ConnectorError(str(error), again=False) from error
        except NoAnswerError as error:
            raise ConnectorError(str(error), done=None) from error


def action_named(name: str) -> tuple[Installed, ActionManifest] | None:
    """Return the connector and action of `connector.action`, or None when it is not installed."""
    connector, _dot, action = name.partition(".")
    installed = catalogue().get(connector)
    if installed is None or action not in installed.manifest.actions:
        return None
    return installed, installed.manifest.actions[action]


def prepare(name: str, given: Mapping[str, Any], *, key: str, exercise: bool = False) -> Prepared:
    """Return `connector.action` ready to act on `given`, read in a short transaction.

    Raises ConnectorError where it is not installed, not set up, or the input does not fit.
    """
    found = action_named(name)
    if found is None:
        raise ConnectorError(f"no connector offers {name}", again=False)
    installed, action = found
    if found_faults := faults(action.input, given):
        where, said = next(iter(found_faults.items()))
        raise ConnectorError(f"{name}: {where or 'input'}: {said}", again=False)
    return Prepared(action, installed, _context(installed, key, exercise=exercise), given)


def _context(installed: Installed, key: str, *, exercise: bool = False) -> Context:
    with atomic(SYSTEM):
        setup = _setup(installed.manifest.name)
        if setup is None or not setup.enabled:
            raise ConnectorError(
                f"the connector {installed.manifest.name} is not set up",
                hint="Set it up under Connectors, then retry.",
            )
        settings, secrets = dict(setup.settings), setup.secrets
    return Context(settings, secrets, Egress(rules()), key=key, exercise=exercise)


@allowed("connector:configure")
@recorded("connector:configure")
def configure(
    actor: Actor, name: str, *, given: Mapping[str, Any], enabled: bool
) -> ConnectorSetup:
    """Set a connector up. A secret field left empty keeps its secret. Raises InvalidError."""
    installed = catalogue().get(name)
    if installed is None:
        raise NotFoundError(_("There is no such connector."))
    secrets = {k: v for k, v in given.items() if k in installed.manifest.secrets and v}
    settings = {k: v for k, v in given.items() if k not in installed.manifest.secrets}
    with seeing(SYSTEM):
        setup = _setup(name) or ConnectorSetup(name=name, key_id=vault.create_key("connector"))
        kept = {**setup.secrets, **secrets}
        _refuse_faults(installed, {**settings, **kept})
        setup.settings, setup.enabled, setup.secrets = settings, enabled, kept
        setup.changed_at, setup.from_environment = clock.now(), False
        session().add(setup)
        session().flush()
    note(given=sorted(settings), secrets=sorted(secrets))
    return setup


@allowed("connector:test")
@recorded("connector:test")
def test_connection(actor: Actor, name: str) -> Tested:
    """Try the connector against the real other side and keep what it said."""
    installed = catalogue().get(name)
    if installed is None:
        raise NotFoundError(_("There is no such connector."))
    try:
        tested = installed.kind()(_context(installed, "test")).test_connection()
    except (ConnectorError, EgressRefusedError, NoAnswerError) as error:
        tested = Tested(ok=False, said=str(error), hint=getattr(error, "hint", ""))
    with seeing(SYSTEM):
        if setup := _setup(name):
            setup.tested_at, setup.tested_ok = clock.now(), tested.ok
            setup.tested_said = tested.said[:500]
    return tested


@allowed("connector:configure")
def setups(actor: Actor) -> list[tuple[Installed, ConnectorSetup | None]]:
    """Return every installed connector with its set-up, if it has one."""
    with seeing(SYSTEM):
        held = {row.name: row for row in session().scalars(select(ConnectorSetup))}
    return [(installed, held.get(name)) for name, installed in sorted(catalogue().items())]


def ensure(name: str, settings: Mapping[str, Any], secrets: Mapping[str, str]) -> None:
    """Set a connector up from the environment, anew at each start, unless a person did."""
    setup = _setup(name)
    if setup is not None and not setup.from_environment:
        return
    if setup is None:
        setup = ConnectorSetup(name=name, key_id=vault.create_key("connector"))
        session().add(setup)
    setup.settings, setup.secrets = dict(settings), dict(secrets)
    setup.enabled, setup.from_environment, setup.changed_at = True, True, clock.now()


def _setup(name: str) -> ConnectorSetup | None:
    return session().scalars(select(ConnectorSetup).where(ConnectorSetup.name == name)).first()


def _refuse_faults(installed: Installed, given: Mapping[str, Any]) -> None:
    if found := faults(installed.manifest.settings, given):
        raise InvalidError(
            _("These settings do not fit the connector."),
            fields={name or "settings": [said] for name, said in found.items()},
        )
