"""Sources: connectors that are looked at for what came in, each by one process at a time.

The sweeper finds who is due; a worker looks. Each thing is kept in a transaction of its own, with
the position after it: whoever is killed between two of them is followed without loss.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import or_, select
from sqlalchemy.exc import SQLAlchemyError

from cyberdesk.core import clock
from cyberdesk.core.connector import ConnectorError, Context, Item, Listens, Looked
from cyberdesk.core.db import atomic, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.egress import EgressRefusedError
from cyberdesk.core.egress.client import NoAnswerError
from cyberdesk.core.jobs import outbox
from cyberdesk.core.text import in_each
from cyberdesk.desk.connectors.catalogue import Installed, catalogue
from cyberdesk.desk.connectors.models import ConnectorSetup
from cyberdesk.desk.connectors.service.acting import context_of
from cyberdesk.desk.connectors.service.memory import remember

TOPIC = "connector:look"
FAILED = "failed"
_AT_MOST = timedelta(minutes=5)  # a look that takes longer was killed
_LONGEST = timedelta(minutes=30)  # between two looks at what fails
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Arrived:
    """What a source brought, for whoever keeps things of its kind."""

    source: str
    settings: Mapping[str, Any]
    item: Item


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of it, in a word that is counted; `kept` is told to the other side."""

    word: str
    kept: bool


Keeper = Callable[[Arrived], Outcome]
_keepers: dict[str, Keeper] = {}


def keep_with(media_type: str, keeper: Keeper) -> None:
    """Let `keeper` take in what sources bring of this type, inside the transaction given."""
    _keepers[media_type] = keeper


def call_sources() -> int:
    """Have every source that is due looked at by a worker."""
    now = clock.now()
    sources = [name for name, one in catalogue().items() if one.manifest.listens]
    free = or_(ConnectorSetup.look_until.is_(None), ConnectorSetup.look_until < now)
    due = or_(ConnectorSetup.look_due.is_(None), ConnectorSetup.look_due <= now)
    wanted = select(ConnectorSetup).where(
        ConnectorSetup.name.in_(sources), ConnectorSetup.enabled, free, due
    )
    with atomic(SYSTEM):
        found = session().scalars(wanted.with_for_update(skip_locked=True)).all()
        for setup in found:
            setup.look_until = now + _AT_MOST
            outbox.send(TOPIC, name=setup.name)
    return len(found)


def look(name: str) -> None:
    """Look at one source and keep what it brings. What fails is tried again, ever more rarely."""
    installed = catalogue().get(name)
    if installed is None or installed.manifest.listens is None:
        return
    listens = installed.manifest.listens
    found: Counter[str] = Counter()
    try:
        context, _seen = context_of(installed, f"look:{name}")
        looked = _looked(installed, context)
    except ConnectorError as error:
        remember(name, None, error)
        _finish(name, listens, None, found)
        return
    for item in looked.items:
        found[_keep(name, listens.brings, context, item)] += 1
    remember(name, None)
    _finish(name, listens, looked.position, found)


def _looked(installed: Installed, context: Context) -> Looked:
    with atomic(SYSTEM):
        setup = _row(installed.manifest.name)
        position, kept = dict(setup.look_position), list(setup.look_kept)
    try:
        looked = installed.kind()(context).look(position, kept)
    except EgressRefusedError as error:
        raise ConnectorError(in_each(error.said)) from error
    except NoAnswerError as error:
        raise ConnectorError(str(error)) from error
    except ConnectorError:
        raise
    except Exception as error:
        _log.error("a source cannot be looked at", source=installed.manifest.name, exc_info=True)
        raise ConnectorError(f"{type(error).__name__}: {error}") from error
    with atomic(SYSTEM):  # the other side was told of those
        setup = _row(installed.manifest.name)
        setup.look_kept = [number for number in setup.look_kept if number not in kept]
    return looked


def _keep(name: str, brings: str, context: Context, item: Item) -> str:
    """Keep one thing. One that cannot be kept stays there untold, and stops no other."""
    try:
        with atomic(SYSTEM):
            setup = _row(name)
            outcome = _keepers[brings](Arrived(name, context.settings, item))
            setup.look_position = dict(item.position)
            if outcome.kept:
                setup.look_kept = [*setup.look_kept, item.number]
            return outcome.word
    except (SQLAlchemyError, OSError):
        raise  # the database or the disk: the whole look is tried again
    except Exception:  # noqa: BLE001  # whatever somebody sent must not close the door to others
        _log.error("what came in was not kept", source=name, number=item.number, exc_info=True)
    with atomic(SYSTEM):
        _row(name).look_position = dict(item.position)
    return FAILED


def _finish(
    name: str, listens: Listens, position: Mapping[str, Any] | None, found: Counter[str]
) -> None:
    with atomic(SYSTEM):
        setup, now = _row(name), clock.now()
        every = timedelta(seconds=listens.every)
        setup.look_failures = 0 if position is not None else setup.look_failures + 1
        wait = min(every * 2 ** min(setup.look_failures, 10), max(every, _LONGEST))
        setup.look_due, setup.look_until, setup.looked_at = now + wait, None, now
        setup.looked_found = dict(found)
        if position is not None:
            setup.look_position = dict(position)


def _row(name: str) -> ConnectorSetup:
    wanted = select(ConnectorSetup).where(ConnectorSetup.name == name).with_for_update()
    return session().scalars(wanted.execution_options(populate_existing=True)).one()
