"""Trying a connector: reach the other side, or show what an action would send."""

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from cyberdesk.core import clock
from cyberdesk.core.access import Actor, allowed
from cyberdesk.core.audit import note, recorded
from cyberdesk.core.connector import ConnectorError, Context, Tested
from cyberdesk.core.db import seeing
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.egress import Egress, EgressRefusedError
from cyberdesk.core.egress.client import NoAnswerError
from cyberdesk.core.egress.guard import rules
from cyberdesk.core.errors import InvalidError, NotFoundError
from cyberdesk.core.ids import new_id
from cyberdesk.core.masking import masked
from cyberdesk.core.text import _
from cyberdesk.desk.connectors.catalogue import Installed
from cyberdesk.desk.connectors.reasons import reason_of
from cyberdesk.desk.connectors.schemas import faults
from cyberdesk.desk.connectors.service.acting import call, context_of
from cyberdesk.desk.connectors.service.rows import setup_of
from cyberdesk.desk.connectors.service.setting_up import access_connector

_PATIENCE = 8.0  # seconds: somebody waits before the page


@allowed("connector:test")
@recorded("connector:test")
def test_connection(actor: Actor, name: str) -> Tested:
    """Try the connector against the real other side and keep what it said."""
    installed, _setup = access_connector(actor, name)
    begun = time.monotonic()
    tested = _tried(installed)
    spent = round((time.monotonic() - begun) * 1000)
    with seeing(SYSTEM):
        if setup := setup_of(name):
            setup.tested_at, setup.tested_ok, setup.tested_ms = clock.now(), tested.ok, spent
            setup.tested_said = masked(f"{tested.said} {tested.hint}".strip())
            setup.tested_reason = None if tested.ok else tested.reason.value
    note(ok=tested.ok)
    return tested


def _tried(installed: Installed) -> Tested:
    try:
        return installed.kind()(_patient(installed)).test_connection()
    except (ConnectorError, EgressRefusedError, NoAnswerError) as error:
        hint = getattr(error, "hint", "")
        return Tested(ok=False, said=str(error), hint=hint, reason=reason_of(error))


def _patient(installed: Installed) -> Context:
    """Each trial has a key of its own: a receiver that folds repeats is to see each one."""
    context, _seen = context_of(installed, f"test-{new_id()}", even_off=True)
    return replace(context, seconds=_PATIENCE, egress=Egress(rules(), seconds=_PATIENCE))


@allowed("connector:test")
@recorded("connector:show")
def show(actor: Actor, name: str, *, action: str, given: Mapping[str, Any]) -> str:
    """Return, as text, what `action` would send with `given`. Nothing leaves.

    Raises InvalidError with the faults by field, and where the connector cannot show it.
    """
    installed, _setup = access_connector(actor, name)
    manifest = installed.manifest.actions.get(action)
    if manifest is None:
        raise NotFoundError(_("This connector has no such action."))
    if found := faults(manifest.input, given):
        raise InvalidError(
            _("This does not fit the action."), fields={k: [v] for k, v in found.items()}
        )
    note(given=sorted(given))
    try:
        context, _seen = context_of(installed, "rehearsal", even_off=True)
        return str(call(installed, context, f"show_{action}", given)["text"])
    except ConnectorError as error:
        raise InvalidError(_("It cannot be shown: %(said)s", said=error.told)) from error
