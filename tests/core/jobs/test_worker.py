"""A real worker on a real Valkey: what is not ours is refused, what is killed is taken over."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from redis import Redis
from rq import Queue
from sqlalchemy import select

from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.jobs import outbox, outbox_sweeps
from cyberdesk.core.jobs.bell import DRAIN, QUEUE, Bell, JsonSerializer
from cyberdesk.core.jobs.models import Message

PROGRAM = """
import os, sys, time
from datetime import timedelta
from cyberdesk.core import db
from cyberdesk.core.jobs import delivery, worker
delivery.LEASE = timedelta(seconds=1)
delivery._BEAT = 0.25
def write(path, seconds=0):
    with open(path, "a") as out:
        out.write(f"{os.getpid()} {os.getppid()}\\n")
    time.sleep(seconds)
delivery.handle("test:write", write)
db.use(db.Database(sys.argv[1]))
worker.run(sys.argv[2])
"""


@pytest.fixture
def redis(valkey_server):
    connection = Redis.from_url(valkey_server.dsn)
    connection.flushall()
    return connection


@pytest.fixture
def start(database, valkey_server, redis):
    """Start a worker process; all are killed at the end."""
    started = []

    def one():
        process = subprocess.Popen([sys.executable, "-c", PROGRAM, database.url, valkey_server.dsn])
        started.append(process)
        return process

    yield one
    for process in started:
        process.kill()
        process.wait()


@pytest.fixture
def bell(valkey_server):
    return Bell(valkey_server.dsn)


def send(path: Path, **payload) -> None:
    with atomic():
        outbox.send("test:write", path=str(path), **payload)


def until(true, seconds=15.0):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return
        time.sleep(0.05)
    raise AssertionError("it did not happen in time")


def delivered() -> int:
    with atomic(SYSTEM) as session:
        rows = session.scalars(select(Message)).all()
        return sum(1 for row in rows if row.delivered_at)


def test_a_ring_wakes_the_worker(start, bell, tmp_path):
    start()
    send(tmp_path / "out")
    bell.ring()
    until(lambda: delivered() == 1)


def test_an_emptied_queue_only_delays(start, bell, redis, tmp_path):
    send(tmp_path / "out")
    bell.ring()
    redis.flushall()
    start()
    assert outbox_sweeps.ring_for_due(bell) == 1
    until(lambda: delivered() == 1)


def test_what_a_killed_horse_held_is_taken_over(start, bell, tmp_path):
    out = tmp_path / "out"
    start()
    send(out, seconds=30)
    bell.ring()
    until(out.exists)
    horse = int(out.read_text().split()[0])
    send(tmp_path / "next")
    os.kill(horse, signal.SIGKILL)

    def taken_over():
        outbox_sweeps.ring_for_due(bell)
        return len(out.read_text().splitlines()) == 2

    until(taken_over)


def test_the_horse_dies_with_its_parent(start, bell, tmp_path):
    out = tmp_path / "out"
    worker = start()
    send(out, seconds=30)
    bell.ring()
    until(lambda: out.exists() and out.read_text())
    horse = int(out.read_text().split()[0])
    worker.kill()
    worker.wait()
    until(lambda: not alive(horse), seconds=3)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize(
    ("name", "arguments"),
    [("os.system", ["touch {path}"]), ("cyberdesk.core.jobs.delivery.drain", [0])],
)
def test_a_job_of_somebody_else_runs_nothing(start, redis, tmp_path, name, arguments):
    planted = tmp_path / "planted"
    arguments = [a.format(path=planted) if isinstance(a, str) else a for a in arguments]
    job = Queue(QUEUE, connection=redis, serializer=JsonSerializer).enqueue(name, *arguments)
    start()
    until(lambda: job.get_status(refresh=True) == "failed")
    assert not planted.exists()


def test_callbacks_and_web_addresses_of_a_job_are_ignored(start, bell, redis, tmp_path):
    """RQ would import and call whatever the job names as its callback."""
    send(tmp_path / "out")
    job = Queue(QUEUE, connection=redis, serializer=JsonSerializer).enqueue(DRAIN)
    redis.hset(job.key, mapping={"success_callback_name": "os.abort"})
    start()
    until(lambda: delivered() == 1)
    until(lambda: job.get_status(refresh=True) in {"finished", None})


def test_the_bell_is_silent_when_the_queue_is_away():
    assert Bell("unix:///nonexistent/valkey.sock").ring() is False
