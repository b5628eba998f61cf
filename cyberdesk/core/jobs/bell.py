"""The queue is a bell: it says that work is due, never what the work is.

PostgreSQL's outbox holds what must happen. A job on the queue only wakes a worker, which then
takes whatever is due until nothing is. So the queue may be emptied, doubled or away for an hour:
work starts later and nothing is lost (the sweeper rings again every other second).
"""

import json
import time
from typing import Any

import structlog
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.job import Job

QUEUE = "work"
DRAIN = "cyberdesk.core.jobs.delivery.drain"
_WAITING = 4  # rings that may wait: enough to wake every worker of a host
_JOB_SECONDS = 180
_AWAY_SECONDS = 5.0  # a queue that hangs costs one request a second, and no other for a while

_log = structlog.get_logger(__name__)


class RefusedJobError(RuntimeError):
    """A job names code that is not ours to run: somebody else writes to the queue."""


class BellJob(Job):
    """A job that can name one function only, no method, no callback and no web address.

    RQ imports whatever a job names; with a writable Redis that would be code execution.
    """

    @property
    def func(self) -> Any:
        from cyberdesk.core.jobs.delivery import drain

        if self.func_name != DRAIN or self.instance or self.args or self.kwargs:
            raise RefusedJobError(f"job {self.id} names {self.func_name!r}")
        return drain

    @property
    def success_callback(self) -> None:
        return None

    @property
    def failure_callback(self) -> None:
        return None

    @property
    def stopped_callback(self) -> None:
        return None

    def send_webhooks(self, *_: Any, **__: Any) -> None:
        """Send nothing: a job's web addresses would leave past the egress guard."""


class BellQueue(Queue):
    job_class = BellJob


class JsonSerializer:
    """JSON both ways; RQ's default is pickle."""

    @staticmethod
    def dumps(value: Any, /) -> bytes:
        return json.dumps(value).encode()

    @staticmethod
    def loads(data: bytes, /) -> Any:
        return json.loads(data)


def connect(url: str) -> Redis:
    """Return a connection that gives up soon: nobody waits on the bell."""
    return Redis.from_url(url, socket_connect_timeout=1, socket_timeout=1, health_check_interval=30)


def open_queue(connection: Redis) -> BellQueue:
    return BellQueue(QUEUE, connection=connection, serializer=JsonSerializer, job_class=BellJob)


class Bell:
    """Rings the queue at `url`; silent when it does not answer."""

    def __init__(self, url: str) -> None:
        self._queue = open_queue(connect(url))
        self._away_until = 0.0

    def ring(self, _message_id: str = "") -> bool:
        """Wake a worker unless enough rings wait already; say whether the queue answered."""
        if time.monotonic() < self._away_until:
            return False
        try:
            if self._queue.count < _WAITING:
                self._queue.enqueue(DRAIN, job_timeout=_JOB_SECONDS, result_ttl=0, failure_ttl=3600)
        except RedisError as error:
            _log.warning("the queue does not answer; the sweeper will ring", exc_info=error)
            self._away_until = time.monotonic() + _AWAY_SECONDS
            return False
        return True
