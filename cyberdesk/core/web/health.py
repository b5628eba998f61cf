"""`/healthz`: this process lives. `/readyz`: it can serve, and what is away. Never whose, or where.

Both answer without the pool of connections: a health check that waits for what it checks tells
nothing.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import psycopg
import structlog
from flask import Response, current_app, jsonify
from redis.exceptions import RedisError

from cyberdesk.core.access import PUBLIC
from cyberdesk.core.web.doors import Door

_PATIENCE = 1.5  # seconds: a balancer asks again every few
_UNAVAILABLE = 503
_log = structlog.get_logger(__name__)
door = Door("health", __name__)


@dataclass(frozen=True, slots=True)
class Health:
    """Each is "ok", or why not. Without the queue the house serves: work starts later."""

    database: str
    queue: str

    @property
    def ready(self) -> bool:
        return self.database == "ok"


@door.get("/healthz", may=PUBLIC)
def alive() -> Response:
    return jsonify(status="ok")


@door.get("/readyz", may=PUBLIC)
def ready() -> Response:
    settings = current_app.config["CYBERDESK"]
    health = examine(settings.database_url, settings.redis_url)
    told = jsonify(
        status="ok" if health.ready else "unavailable",
        database=health.database,
        queue=health.queue,
    )
    told.status_code = 200 if health.ready else _UNAVAILABLE
    if not health.ready:
        _log.warning("not ready", database=health.database, queue=health.queue)
    return told


def examine(database_url: str, redis_url: str) -> Health:
    """Ask both servers at once; whichever says nothing in time is away."""
    pool = ThreadPoolExecutor(2, thread_name_prefix="health")
    try:
        database = pool.submit(_told, lambda: _ask_database(database_url))
        queue = pool.submit(_told, lambda: _ask_queue(redis_url))
        return Health(_within(database), _within(queue))
    finally:
        pool.shutdown(wait=False)  # one that hangs ends by its own time-out


def _within(asked: Any) -> str:
    try:
        return str(asked.result(timeout=_PATIENCE))
    except TimeoutError:
        return f"no answer in {_PATIENCE} s"


def _told(ask: Callable[[], None]) -> str:
    """The reason is a word of ours: an error's own message names hosts and accounts."""
    try:
        ask()
    except (psycopg.errors.ConnectionTimeout, TimeoutError):
        return "no answer"
    except (psycopg.OperationalError, RedisError, OSError):
        return "does not answer"
    except psycopg.Error:
        return "is not set up: cyberdesk init"
    return "ok"


def _ask_database(url: str) -> None:
    plain = url.replace("postgresql+psycopg://", "postgresql://", 1)
    with psycopg.connect(plain, connect_timeout=2, options="-c statement_timeout=1000") as asked:
        asked.execute("SELECT FROM data_keys LIMIT 0")


def _ask_queue(url: str) -> None:
    from redis import Redis

    with Redis.from_url(url, socket_connect_timeout=1, socket_timeout=1) as asked:
        asked.ping()
