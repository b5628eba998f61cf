"""What 100 000 waiting runs cost: the sweeps and the watchdog, with none and with all of them.

They wait for a time in a month, as most do; copied in the database, for to begin each would take
an hour. To be held: no worker is at them, and no sweep takes measurably longer.
"""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from uuid import UUID

from sqlalchemy import Engine, text

from bench.machine import Number
from bench.orders import found_town, order
from cyberdesk.core import db
from cyberdesk.core.access import system
from cyberdesk.core.crypto import vault
from cyberdesk.core.crypto.keyring import Keyring
from cyberdesk.core.db import atomic
from cyberdesk.core.db.engine import owner_engine
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.db.schema import create_schema
from cyberdesk.core.embedded.postgres import Postgres
from cyberdesk.core.jobs import delivery
from cyberdesk.desk.playbooks import sweeps, versions, watch
from cyberdesk.desk.playbooks.models import Run
from cyberdesk.rooms import open_rooms

COUNT = 100_000
LIMIT = 1.0  # milliseconds that a sweep may take longer: less than one question to the database
_TIMES = 50
_BENCH = system("bench")
_WAITS = """\
playbook: waits
title: {fr: Attente, en: Wait}
summary: {fr: Attente, en: Wait}
purpose: [mitigation]
created: 2026-11-22
modified: 2026-11-22
markings: TLP:CLEAR
retention: 1y
sources: [{title: mesure, verified_on: 2026-11-22}]
steps:
  begin: {wait: 30d}
"""


def measure(*, long: bool) -> list[Number]:
    """Time the sweeps and the watchdog, then again with the waiting runs."""
    count = COUNT * (3 if long else 1)
    with _house() as owner:
        with atomic(SYSTEM):
            versions.publish(_BENCH, source=_WAITS)
            town = found_town()
        (model,) = order(_BENCH, town, "waits", 1)
        without = _sweep(), _watchdog()
        _copy(model, count)
        with owner.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.execute(text("VACUUM ANALYZE"))  # as autovacuum does within a minute
        taken = delivery.drain()
        sweep, watchdog = _sweep(), _watchdog()
    of = f"with {count:,} waiting runs".replace(",", " ")
    return [
        Number("one sweep of timers and leases, no run waiting", without[0], "ms"),
        Number(f"  {of}", sweep, "ms"),
        Number("  longer by", max(sweep - without[0], 0.0), "ms", LIMIT),
        Number("  jobs that workers had for them", taken, "", 0),
        Number("the watchdog's count, no run waiting", without[1], "ms"),
        Number(f"  {of}", watchdog, "ms"),
    ]


@contextmanager
def _house() -> Iterator[Engine]:
    folder = Path(tempfile.mkdtemp(prefix="cyberdesk-bench-"))
    server = Postgres(folder, durable=False)
    owner = owner_engine(server.start())
    try:
        open_rooms()
        with owner.begin() as connection:
            create_schema(connection)
        db.use(db.Database(server.dsn))
        vault.use(Keyring.generate())
        yield owner
    finally:
        db.database().close()
        owner.dispose()
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _copy(model: UUID, count: int) -> None:
    """Copy one waiting run so many times, each due at another moment of a month."""
    names = [column.name for column in Run.__table__.columns]
    own = {"id": "uuidv7()", "due_at": "due_at + n * interval '1 second'"}
    values = ", ".join(own.get(name, name) for name in names)
    written = ", ".join(names)
    with atomic(SYSTEM) as session:
        session.execute(
            text(
                f"INSERT INTO playbook_runs ({written}) SELECT {values} FROM playbook_runs,"
                " generate_series(1, :count) n WHERE id = :model"
            ),
            {"count": count, "model": model},
        )


def _sweep() -> float:
    return _median(lambda: (sweeps.fire_timers(), sweeps.recover()))


def _watchdog() -> float:
    with atomic(SYSTEM):
        return _median(watch.stuck_count)


def _median(act: Callable[[], object]) -> float:
    """Return the middle of many times, in milliseconds, the first ones left out."""
    times = []
    for _ in range(_TIMES):
        begun = time.perf_counter()
        act()
        times.append((time.perf_counter() - begun) * 1000)
    return median(times[5:])
