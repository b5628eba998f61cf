"""Each request has a number: on every line that is logged for it, and in its answer.

Of an address only the rule is logged: paths hold private links.
"""

import re
import time
from secrets import token_hex

import structlog
from flask import Flask, Response, g, request

HEADER = "X-Request-Id"
_GIVEN = re.compile(r"[A-Za-z0-9_-]{8,64}")
_SERVER_FAULT = 500
_QUIET = {"static", "health.alive", "health.ready", "metrics.show"}
_log = structlog.get_logger(__name__)


def install(app: Flask) -> None:
    app.before_request(_number)
    app.after_request(_tell)


def rule() -> str:
    """Return the rule of this request's address, without what stands in its places."""
    return str(request.url_rule.rule) if request.url_rule else "(none)"


def _number() -> None:
    """Keep the number that a proxy gave, so that its log and ours can be read together."""
    given = request.headers.get(HEADER, "")
    g.request_id = given if _GIVEN.fullmatch(given) else token_hex(8)
    g.request_begun = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def _tell(response: Response) -> Response:
    number = g.get("request_id")
    if number is None:
        return response
    response.headers[HEADER] = number
    failed = response.status_code >= _SERVER_FAULT
    if failed or request.endpoint not in _QUIET:
        level = _log.warning if failed else _log.info
        level(
            "request",
            method=request.method,
            rule=rule(),
            status=response.status_code,
            ms=round((time.perf_counter() - g.request_begun) * 1000),
        )
    return response
