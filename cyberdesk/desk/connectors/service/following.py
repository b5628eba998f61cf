"""A connector that is fed from something of the house, from where it stopped."""

from collections.abc import Callable, Mapping
from typing import Any

from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.desk.connectors.service.rows import setup_of

Step = Callable[[Mapping[str, Any], Mapping[str, Any]], Mapping[str, Any]]


def follow(name: str, step: Step) -> None:
    """Let `step(settings, position)` go on, and keep the position that it returns with its work.

    The position is `{}` at first, and again after the connector was switched off.
    """
    with atomic(SYSTEM):
        setup = setup_of(name)
        if setup is None:
            return
        position = dict(step(setup.settings, setup.look_position)) if setup.enabled else {}
        if position != setup.look_position:
            setup.look_position = position
