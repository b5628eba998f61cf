"""An action, made ready in a short transaction and carried out outside of any."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import structlog

from cyberdesk.core.connector import ActionManifest, ConnectorError, Context, Reason, Repeat, both
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.egress import Egress, EgressRefusedError
from cyberdesk.core.egress.client import NoAnswerError
from cyberdesk.core.egress.guard import rules
from cyberdesk.core.text import in_each
from cyberdesk.desk.connectors.catalogue import Installed, catalogue
from cyberdesk.desk.connectors.models import ConnectorSetup
from cyberdesk.desk.connectors.schemas import faults
from cyberdesk.desk.connectors.service.memory import Seen, remember, seen
from cyberdesk.desk.connectors.service.rows import setup_of

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Prepared:
    """An action ready to run: everything is read, nothing holds a transaction."""

    action: ActionManifest
    installed: Installed
    context: Context
    input: Mapping[str, Any]
    seen: Seen | None = None
    set_up_at: datetime | None = None  # when the connector's settings were last changed

    @property
    def repeat(self) -> Repeat:
        """How far this very input may be repeated."""
        return _repeat(self.installed, self.action, self.context, self.input)

    def perform(self) -> Mapping[str, Any]:
        """Act. Raises ConnectorError, whose `done` says what is known of the effect."""
        return self._call(self.action.name)

    def check(self) -> Mapping[str, Any] | None:
        """Ask whether a checkable action was done: its output, or None when it was not."""
        found = self._call(f"check_{self.action.name}")
        return found or None

    def _call(self, name: str) -> Mapping[str, Any]:
        if self.context.exercise:
            said = both("this is an exercise: nothing leaves", "c’est un exercice : rien ne part")
            raise ConnectorError(said, again=False, reason=Reason.GUARDED)
        try:
            output = call(self.installed, self.context, name, self.input)
        except ConnectorError as error:
            remember(self.installed.manifest.name, self.seen, error)
            raise
        remember(self.installed.manifest.name, self.seen)
        return output


def call(
    installed: Installed, context: Context, name: str, given: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Call one method of the connector; whatever the guarded client says becomes its error."""
    act = installed.kind()(context).acts().get(name)
    if act is None:
        raise ConnectorError(f"{installed.manifest.name} has no action {name}", again=False)
    try:
        return act(given)
    except EgressRefusedError as error:
        # A name server that is away for a moment is another matter than a rule of ours.
        later = isinstance(error.__cause__, OSError)
        raise ConnectorError(in_each(error.said), again=later) from error
    except NoAnswerError as error:
        raise ConnectorError(str(error), done=None if error.sent else False) from error


def action_named(name: str) -> tuple[Installed, ActionManifest] | None:
    """Return the connector and action of `connector.action`, or None when it is not installed."""
    connector, _dot, action = name.partition(".")
    installed = catalogue().get(connector)
    if installed is None or action not in installed.manifest.actions:
        return None
    return installed, installed.manifest.actions[action]


def repeat_of(name: str, given: Mapping[str, Any] | None = None) -> Repeat | None:
    """Return how far an action may be repeated, with `given` where that matters.

    None when no connector offers it; the class of its manifest where nothing else is known.
    """
    found = action_named(name)
    if found is None:
        return None
    installed, action = found
    if given is None or not installed.varies(action.name):
        return action.repeat
    try:
        context, _seen = context_of(installed, "", even_off=True)
    except ConnectorError:
        return action.repeat
    return _repeat(installed, action, context, given)


def _repeat(
    installed: Installed, action: ActionManifest, context: Context, given: Mapping[str, Any]
) -> Repeat:
    if not installed.varies(action.name):
        return action.repeat
    try:
        told: Any = installed.kind()(context).acts()[f"repeat_{action.name}"](given)
        return Repeat(told)
    except ConnectorError:
        return action.repeat
    except Exception:  # noqa: BLE001  # a faulty connector: the class of its manifest holds
        _log.error("a connector cannot tell its class", action=action.name, exc_info=True)
        return action.repeat


def prepare(name: str, given: Mapping[str, Any], *, key: str, exercise: bool = False) -> Prepared:
    """Return `connector.action` ready to act on `given`, read in a short transaction.

    Raises ConnectorError where it is not installed, not set up, or the input does not fit.
    """
    installed, action = _fitting(name, given)
    context, setup = _set_up(installed, key, exercise=exercise)
    return Prepared(action, installed, context, given, seen(setup), setup.changed_at)


def prepare_after(last: Prepared, name: str, given: Mapping[str, Any], *, key: str) -> Prepared:
    """Return another action of the connector of `last` ready to act, for the same run.

    Nothing is read: whoever calls sees to it that its settings are still those of `set_up_at`.
    """
    installed, action = _fitting(name, given)
    assert installed is last.installed
    return replace(last, action=action, context=replace(last.context, key=key), input=given)


def _fitting(name: str, given: Mapping[str, Any]) -> tuple[Installed, ActionManifest]:
    found = action_named(name)
    if found is None:
        raise ConnectorError(f"no connector offers {name}", again=False, reason=Reason.UNSET)
    if found_faults := faults(found[1].input, given):
        where, said = next(iter(found_faults.items()))
        raise ConnectorError(
            f"{name}: {where or 'input'}: {said}", again=False, reason=Reason.SETTINGS
        )
    return found


def context_of(
    installed: Installed, key: str, *, exercise: bool = False, even_off: bool = False
) -> tuple[Context, Seen]:
    """Return what the connector works with, and what is known of its last use."""
    context, setup = _set_up(installed, key, exercise=exercise, even_off=even_off)
    return context, seen(setup)


def _set_up(
    installed: Installed, key: str, *, exercise: bool = False, even_off: bool = False
) -> tuple[Context, ConnectorSetup]:
    with atomic(SYSTEM):
        setup = setup_of(installed.manifest.name)
        if setup is None or not (setup.enabled or even_off):
            raise ConnectorError(
                f"the connector {installed.manifest.name} is not set up",
                hint="Set it up under Connectors, then retry.",
                reason=Reason.UNSET,
            )
        settings, secrets = dict(setup.settings), setup.secrets
    return Context(settings, secrets, Egress(rules()), key=key, exercise=exercise), setup
