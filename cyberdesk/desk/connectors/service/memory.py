"""What is kept of a connector's last use, so that a page can say whether it works.

An engine acts hundreds of times a second: a success after a success is written once a minute.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

import structlog
from sqlalchemy import update
from sqlalchemy.exc import SQLAlchemyError

from cyberdesk.core import clock
from cyberdesk.core.connector import ConnectorError
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.masking import masked
from cyberdesk.desk.connectors.models import ConnectorSetup
from cyberdesk.desk.connectors.reasons import reason_of

_A_WHILE = timedelta(minutes=1)
_log = structlog.get_logger(__name__)


class Seen(NamedTuple):
    """The last use as it stood when an action was made ready."""

    at: datetime | None
    ok: bool | None


def seen(setup: ConnectorSetup) -> Seen:
    return Seen(setup.used_at, setup.used_ok)


def remember(name: str, last: Seen | None, error: ConnectorError | None = None) -> None:
    """Note that connector `name` was used; `error` when it failed. Never fails itself."""
    now, ok = clock.now(), error is None
    if last and last.ok is ok and last.at and now - last.at < _A_WHILE:
        return
    kept = update(ConnectorSetup).where(ConnectorSetup.name == name)
    values = {
        "used_at": now,
        "used_ok": ok,
        "used_said": masked(str(error)) if error else None,
        "used_reason": reason_of(error).value if error else None,
    }
    try:
        with atomic(SYSTEM) as session:
            session.execute(kept.values(values))
    except SQLAlchemyError as lost:  # what was done is done: only its trace is missing
        _log.warning("a connector's use was not noted", connector=name, exc_info=lost)
