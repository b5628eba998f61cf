"""Cookies of ours beside the session: bound to this very host, out of the reach of scripts.

Where the site is served over TLS their names begin with `__Host-`: a browser then takes them from
this host alone, for all of it, and never sends them in the clear (RFC 6265bis §4.1.3.2).
"""

from datetime import timedelta
from typing import Any

from flask import Request, current_app, request
from werkzeug.wrappers import Response

A_YEAR = timedelta(days=365)


def kept(name: str, asked: Request | None = None) -> str:
    """Return what the browser keeps under `name`, empty without it."""
    return (asked or request).cookies.get(_full(name), "")


def keep(answer: Response, name: str, value: str, *, lasts: timedelta = A_YEAR) -> None:
    """Let the browser keep `value` under `name`."""
    answer.set_cookie(_full(name), value, max_age=int(lasts.total_seconds()), **_flags())


def forget(answer: Response, name: str) -> None:
    answer.delete_cookie(_full(name), **_flags())


def _full(name: str) -> str:
    return f"__Host-{name}" if _secure() else name


def _flags() -> dict[str, Any]:
    return {"secure": _secure(), "httponly": True, "samesite": "Lax", "path": "/"}


def _secure() -> bool:
    return bool(current_app.config["SESSION_COOKIE_SECURE"])
