"""Steps a second: runs of action steps, worked off by forking RQ workers, each step committed.

Beside it, in the same run: what the same workers do of empty jobs of plain RQ, and what DBOS does
of workflows of as many steps on the same PostgreSQL (`peer_dbos.py`). To be held: 300 steps/s on
two cores, and no fewer than DBOS. PostgreSQL is durable (fsync on), rights and journal are as in
production: a step of ours is leased, keyed, journalled and sealed; one of DBOS is a row written.
"""

import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from statistics import median
from uuid import UUID

import psycopg
from redis import Redis
from rq import Queue, Worker
from sqlalchemy import func, select
from sqlalchemy.engine import make_url

from bench.machine import Number
from bench.orders import found_town, order
from cyberdesk import process
from cyberdesk.core import clock, db
from cyberdesk.core.access import system
from cyberdesk.core.crypto import vault
from cyberdesk.core.crypto.keyring import Keyring
from cyberdesk.core.db import atomic, session
from cyberdesk.core.db.engine import owner_engine
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.db.schema import create_schema
from cyberdesk.core.embedded.postgres import Postgres
from cyberdesk.core.embedded.valkey import Valkey
from cyberdesk.core.jobs import outbox, worker
from cyberdesk.core.jobs.bell import Bell
from cyberdesk.desk.connectors import catalogue
from cyberdesk.desk.connectors import service as connectors
from cyberdesk.desk.playbooks import versions
from cyberdesk.desk.playbooks.models import Effect, Run
from cyberdesk.rooms import open_rooms

LIMIT = 300
ROUNDS = 3  # of which the median is told
STEPS = 20
BENCH = system("bench")
HEAD = """\
playbook: {name}
title: {{fr: Mesure, en: Measure}}
summary: {{fr: Mesure, en: Measure}}
purpose: [mitigation]
created: 2026-11-22
modified: 2026-11-22
markings: TLP:CLEAR
retention: 1y
sources: [{{title: mesure, verified_on: 2026-11-22}}]
steps:
  begin: {{wait: 1s}}
"""


def playbook() -> str:
    steps = "".join(f"  s{n}: {{do: nothing.do, with: {{what: x}}}}\n" for n in range(STEPS))
    return HEAD.format(name="measure") + steps


def install() -> None:
    """Add the connector that does nothing to those that are shipped."""
    shipped = list(catalogue._folders())
    here = Path(__file__).parent / "connectors" / "nothing"
    catalogue._folders = lambda: iter([*shipped, here])
    catalogue.catalogue.cache_clear()


def furnish() -> UUID:
    """Set up the connector, the town and the playbook; return the town's id."""
    with atomic(SYSTEM):
        connectors.ensure("nothing", {}, {})
        versions.publish(BENCH, source=playbook())
        return found_town()


def work(dsn: str, redis_url: str, keyring: Keyring) -> None:
    """One worker process, as `cyberdesk worker` makes it; forked, so it has the connector."""
    db.use(db.Database(dsn, pool_size=2))
    vault.use(keyring)
    outbox.use(Bell(redis_url).ring)
    process.warm()
    worker.run(redis_url)


def left() -> int:
    with atomic(SYSTEM):
        wanted = select(func.count()).select_from(Run).where(Run.ended_at.is_(None))
        return session().scalar(wanted) or 0


def work_off(dsn: str, redis_url: str, keyring: Keyring, runs: int, workers: int) -> float:
    since, forked = clock.now(), multiprocessing.get_context("fork")
    staff = [forked.Process(target=work, args=(dsn, redis_url, keyring)) for _ in range(workers)]
    db.database().engine.dispose()
    for one in staff:
        one.start()
    time.sleep(4)  # they import, connect and wait for work; the runs' first timer is due by then
    from cyberdesk.desk.playbooks.sweeps import fire_timers

    begun = time.perf_counter()
    while fire_timers():
        pass
    while left():
        time.sleep(0.05)
    spent = time.perf_counter() - begun
    for one in staff:
        os.kill(one.pid or 0, signal.SIGTERM)
    for one in staff:
        one.join(10)
        if one.is_alive():
            one.kill()
    with atomic(SYSTEM):
        counted = select(func.count()).where(Effect.status == "done", Effect.created_at >= since)
        done = session().scalar(counted) or 0
    assert done == runs * STEPS, f"{done} effects of {runs * STEPS}"
    return runs * STEPS / spent


def nothing() -> None:
    """An empty job."""


def plain_rq(redis_url: str, jobs: int, workers: int) -> float:
    """Jobs a second of RQ's own forking worker, for comparison."""
    connection = Redis.from_url(redis_url)
    queue = Queue("plain", connection=connection)
    for _ in range(jobs):
        queue.enqueue("bench_engine_nothing", result_ttl=0)
    forked = multiprocessing.get_context("fork")
    staff = [forked.Process(target=_plain, args=(redis_url,)) for _ in range(workers)]
    begun = time.perf_counter()
    for one in staff:
        one.start()
    for one in staff:
        one.join()
    return jobs / (time.perf_counter() - begun)


def _plain(redis_url: str) -> None:
    import builtins

    builtins.bench_engine_nothing = nothing  # type: ignore[attr-defined]
    connection = Redis.from_url(redis_url)
    Worker([Queue("plain", connection=connection)], connection=connection).work(
        burst=True, logging_level="ERROR"
    )


def measure(*, long: bool) -> list[Number]:
    """Work off runs of action steps in a database of their own."""
    command = [sys.executable, "-m", "bench.engine", str(400 if long else 100)]
    # Apart: its workers are forked, and must not inherit the other benchmarks.
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    ours, plain, dbos, name = done.stdout.splitlines()[-4:]
    return [
        Number(
            "playbook steps, each committed, 2 forking workers, median",
            float(ours),
            "steps/s",
            LIMIT,
            least=True,
        ),
        Number(
            f"  beside it: empty jobs of plain RQ {version('rq')}, 2 workers",
            float(plain),
            "jobs/s",
        ),
        *(_beside(float(ours), float(dbos), name) if name else ()),
    ]


def _beside(ours: float, dbos: float, name: str) -> list[Number]:
    return [
        Number(f"  beside it: {name}, steps committed, 2 processes, median", dbos, "steps/s"),
        Number("  ours to theirs", ours / dbos, "×", 1, least=True),
    ]


def of_dbos(postgres: Postgres, runs: int, workers: int) -> tuple[float, str]:
    """Return steps a second of DBOS in a database of its own, and its name; 0 without it."""
    python = Path(sys.prefix) / "peers" / "bin" / "python"
    if not python.exists():
        return 0, ""
    url = make_url(postgres.dsn).set(drivername="postgresql")
    found, name = [], ""
    for number in range(ROUNDS):
        base = f"dbos{number}"
        with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as raw:
            raw.execute(f"CREATE DATABASE {base}")
        dsn = url.set(database=base).render_as_string(hide_password=False)
        peer = [str(python), str(Path(__file__).parent / "peer_dbos.py"), dsn]
        asked = [*peer, str(runs), str(STEPS), str(workers)]
        done = subprocess.run(asked, capture_output=True, text=True, check=True, timeout=600)
        name, rate = done.stdout.splitlines()[-2:]
        found.append(float(rate))
    return median(found), f"DBOS {name}"


def run(folder: Path, runs: int, workers: int) -> None:
    """Print the medians, a line each: our steps a second, RQ's jobs, DBOS's steps; its name."""
    postgres, valkey, keyring = Postgres(folder), Valkey(folder), Keyring.generate()
    owner = owner_engine(postgres.start())
    valkey.start()
    try:
        install()
        open_rooms()
        with owner.begin() as connection:
            create_schema(connection)
        db.use(db.Database(postgres.dsn))
        vault.use(keyring)
        town_id, ours, plain = furnish(), [], []
        for _round in range(ROUNDS):
            outbox.use(None)
            order(BENCH, town_id, "measure", runs)
            outbox.use(Bell(valkey.dsn).ring)
            ours.append(work_off(postgres.dsn, valkey.dsn, keyring, runs, workers))
            plain.append(plain_rq(valkey.dsn, 200, workers))
        rate, name = of_dbos(postgres, runs, workers)
        print(median(ours), median(plain), rate, name, sep="\n")
    finally:
        owner.dispose()
        db.database().close()
        valkey.stop()
        postgres.stop()


if __name__ == "__main__":
    place = Path(tempfile.mkdtemp(prefix="cyberdesk-bench-"))
    try:
        run(place, int(sys.argv[1]), 2)
    finally:
        shutil.rmtree(place, ignore_errors=True)
