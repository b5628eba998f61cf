"""DBOS at the same work: workflows of steps that do nothing, each step's outcome committed.

Run by the Python of its own environment (`make bench` makes it), on the same PostgreSQL server in
a database of its own: `peer_dbos.py DSN WORKFLOWS STEPS WORKERS` prints its version and steps/s.

In its favour: everything is enqueued before the clock starts, which runs from the first start of a
workflow to the last completion, as DBOS itself notes them.
"""

import multiprocessing
import sys
import time
from importlib.metadata import version

import psycopg
from dbos import DBOS, DBOSClient, DBOSConfig

QUEUE, AT_ONCE = "measure", 8  # workflows at once in each process; more was slower, fewer as well


@DBOS.step()
def nothing(number: int) -> int:
    return number


@DBOS.workflow()
def measured(steps: int) -> int:
    for number in range(steps):
        nothing(number)
    return steps


def work(dsn: str) -> None:
    """One process, as an application of DBOS is."""
    config: DBOSConfig = {"name": "measure", "system_database_url": dsn, "log_level": "ERROR"}
    config["run_admin_server"] = False
    config["application_version"] = "1"
    DBOS(config=config)
    DBOS.launch()
    DBOS.register_queue(QUEUE, worker_concurrency=AT_ONCE, polling_interval_sec=0.05)
    time.sleep(3600)


def main(dsn: str, workflows: int, steps: int, workers: int) -> None:
    forked = multiprocessing.get_context("spawn")
    first = forked.Process(target=work, args=(dsn,))
    first.start()
    client = _client(dsn)
    first.kill()
    for _ in range(workflows):
        options = {"queue_name": QUEUE, "workflow_name": "measured", "app_version": "1"}
        client.enqueue(options, steps)
    staff = [forked.Process(target=work, args=(dsn,)) for _ in range(workers)]
    for one in staff:
        one.start()
    spent = _spent(dsn, workflows)
    for one in staff:
        one.kill()
    print(version("dbos"))
    print(workflows * steps / spent)


def _client(dsn: str) -> DBOSClient:
    """Return a client, once the tables are there."""
    with psycopg.connect(dsn, autocommit=True) as raw:
        while raw.execute("SELECT to_regclass('dbos.workflow_status')").fetchone() == (None,):
            time.sleep(0.1)
    time.sleep(2)
    return DBOSClient(system_database_url=dsn)


def _spent(dsn: str, workflows: int) -> float:
    """Return the seconds from the first start to the last completion, once all are done."""
    with psycopg.connect(dsn, autocommit=True) as raw:
        while True:
            found = raw.execute(
                "SELECT count(*), min(started_at_epoch_ms), max(updated_at)"
                " FROM dbos.workflow_status WHERE status = 'SUCCESS'"
            ).fetchone()
            assert found
            if found[0] >= workflows:
                return float(found[2] - found[1]) / 1000
            time.sleep(0.1)


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:5]))
