"""The room of people, organisations and rights."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from cyberdesk.core.access.policy import POLICY
from cyberdesk.core.room import Room, Sweep
from cyberdesk.core.text import _


def _doors() -> Iterable[Any]:
    from cyberdesk.core.access.api import door as api
    from cyberdesk.core.access.signin.doors import door as sign_in

    return (sign_in, api)


def _prepare() -> None:
    from cyberdesk.core.access.directory import load_directory

    load_directory()


def _forget_answers() -> int:
    from cyberdesk.core.web.api.idempotency import sweep

    return sweep()


ROOM = Room(
    name="access",
    title=_("People and organisations"),
    policy=POLICY,
    doors=_doors,
    prepare=_prepare,
    sweeps=(Sweep("access:answers", timedelta(hours=1), _forget_answers),),
)
