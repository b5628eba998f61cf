"""The RQ worker of the house: one queue, JSON, an allow-listed job, a horse that dies with it."""

import ctypes
import os
import signal
import sys
from typing import Any

from rq import Worker
from rq.job import Job
from rq.queue import Queue

from cyberdesk.core.db import database
from cyberdesk.core.jobs.bell import BellJob, BellQueue, JsonSerializer, connect, open_queue

_PR_SET_PDEATHSIG = 1


class HouseWorker(Worker):
    """Forks a work-horse for each ring of the bell.

    Measured on plain RQ: when only the parent dies, its horse goes on and the job runs twice at
    once for a minute. Here the kernel ends the horse with its parent.
    """

    job_class = BellJob
    queue_class = BellQueue
    max_connection_wait_time = 2.0
    log_result_lifespan = False
    log_job_description = False

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        _die_with(os.getppid())
        # Connections of the parent must not be shared across the fork.
        database().engine.dispose(close=False)
        super().main_work_horse(job, queue)

    @property
    def dequeue_timeout(self) -> int:
        return 5

    def handle_exception(self, job: Job, *exc_info: Any) -> None:
        self.log.error("job %s failed", job.id, exc_info=exc_info)


def run(redis_url: str, name: str | None = None) -> bool:
    """Work until asked to stop."""
    connection = connect(redis_url)
    connection.connection_pool.connection_kwargs["socket_timeout"] = 15
    worker = HouseWorker(
        [open_queue(connection)],
        name=name,
        connection=connection,
        serializer=JsonSerializer,
        job_monitoring_interval=5,
    )
    return bool(worker.work(logging_level="WARNING"))


def _die_with(parent: int) -> None:
    """Have the kernel kill this process when its parent ends (Linux; prctl(2))."""
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before we asked
        os._exit(1)
