"""`/metrics`: how the house does, for Prometheus. Numbers only, never a name or a case.

Request times are measured in each web process and joined by the library's multiprocess mode;
gauges are read from the database when asked, so that every host tells the same. While it is away
they are left out, and `cyberdesk_up` says so.
"""

import os
import time
from collections.abc import Iterable, Mapping
from hmac import compare_digest
from typing import Any

from flask import Flask, Response, current_app, g, request
from prometheus_client import CollectorRegistry, Histogram, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from sqlalchemy.exc import OperationalError

from cyberdesk.core.access import PUBLIC
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.errors import NotFoundError
from cyberdesk.core.room import Gauge
from cyberdesk.core.web.doors import Door
from cyberdesk.core.web.health import examine

door = Door("metrics", __name__)
_OWN_MACHINE = {"127.0.0.1", "::1"}
_requests = Histogram(
    "cyberdesk_request_seconds",
    "Time to answer a request.",
    ["endpoint", "method", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 5, 10),
)

_UP = Gauge("up", "Whether it answers: the database, the queue.", dict, label="server")


def install(app: Flask, gauges: Iterable[Gauge], token: str) -> None:
    """Measure requests, and serve `gauges` to this machine or to whoever holds `token`."""
    app.extensions["cyberdesk.metrics"] = (tuple(gauges), token)
    app.after_request(_end)
    app.register_blueprint(door)


@door.get("/metrics", may=PUBLIC)
def show() -> Response:
    gauges, token = current_app.extensions["cyberdesk.metrics"]
    _refuse_strangers(token)
    registry = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(_requests)
    settings = current_app.config["CYBERDESK"]
    health = examine(settings.database_url, settings.redis_url)
    servers = {"database": float(health.ready), "queue": float(health.queue == "ok")}
    rows = [(_UP, servers), *(_read(gauges) if health.ready else ())]
    registry.register(_Read(rows))
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _read(gauges: Iterable[Gauge]) -> list[tuple[Gauge, float | Mapping[str, float]]]:
    """Read the gauges; a database that goes away meanwhile leaves them out."""
    try:
        with atomic(SYSTEM):
            return [(gauge, gauge.read()) for gauge in gauges]
    except OperationalError:
        return []


def _refuse_strangers(token: str) -> None:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token and compare_digest(given.encode(), token.encode()):
        return
    # A proxy on this machine that we were not told of: whoever asks comes from elsewhere.
    relayed = any(name in request.headers for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP"))
    if token or relayed or request.remote_addr not in _OWN_MACHINE:
        raise NotFoundError


class _Read:
    """Gauges that were read for this answer."""

    def __init__(self, rows: list[tuple[Gauge, float | Mapping[str, float]]]) -> None:
        self._rows = rows

    def collect(self) -> Iterable[Any]:
        for gauge, value in self._rows:
            label = [gauge.label] if gauge.label else []
            family = GaugeMetricFamily(f"cyberdesk_{gauge.name}", gauge.says, labels=label)
            pairs = value.items() if isinstance(value, Mapping) else [("", value)]
            for name, number in pairs:
                family.add_metric([name] if label else [], number)
            yield family


def _end(response: Response) -> Response:
    begun: float | None = g.get("request_begun")  # before anything could refuse it
    if begun is not None and request.endpoint:
        named = _requests.labels(request.endpoint, request.method, response.status_code)
        named.observe(time.perf_counter() - begun)
    return response
