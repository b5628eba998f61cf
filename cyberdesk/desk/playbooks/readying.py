"""Making an effect ready: what its connector needs, read with the effect or known from the last."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from cyberdesk.core.connector import ConnectorError
from cyberdesk.desk.connectors.service import Prepared, prepare, prepare_after
from cyberdesk.desk.playbooks.actions import takes_commands
from cyberdesk.desk.playbooks.localise import localised
from cyberdesk.desk.playbooks.models import Effect, Run
from cyberdesk.desk.playbooks.secrets import filled_in


def made_ready(effect: Effect, run: Run) -> Prepared | ConnectorError:
    """Read what the connector needs, in the transaction that takes the effect."""
    given = localised(effect.action, effect.input, "fr")
    try:
        given = filled_in(given) if takes_commands(effect.action) else given
        prepared = prepare(effect.action, given, key=effect.key, exercise=run.exercise)
    except ConnectorError as error:
        return error
    return _in_time(prepared, effect)


def ready_after(
    last: Prepared, effect: Effect, given: Mapping[str, Any]
) -> Prepared | ConnectorError:
    """Make it ready with what the connector of the effect before it needed; nothing is read."""
    told = localised(effect.action, given, "fr")
    try:
        prepared = prepare_after(last, effect.action, told, key=effect.key)
    except ConnectorError as error:
        return error
    return _in_time(prepared, effect)


def _in_time(prepared: Prepared, effect: Effect) -> Prepared:
    return replace(prepared, context=replace(prepared.context, seconds=effect.timeout / 1000))
