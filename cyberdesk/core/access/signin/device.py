"""Browsers in which somebody has signed in before: guessing elsewhere does not slow them down.

A signed cookie names the account (hashed) and the browser. It opens nothing by itself.
https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies
"""

import hashlib
import secrets

from flask import Request, Response, after_this_request, current_app
from itsdangerous import BadSignature, URLSafeSerializer

from cyberdesk.core.web import cookies


def known(request: Request, address: str) -> str | None:
    """Return the name of this browser when the person at `address` has signed in from it."""
    try:
        account, name = _serializer().loads(cookies.kept("device", request))
    except (BadSignature, ValueError, TypeError):
        return None
    return str(name) if account == _account(address) else None


def remember(address: str) -> None:
    """Know this browser by a new name from now on."""
    value = _serializer().dumps([_account(address), secrets.token_urlsafe(12)])

    @after_this_request
    def keep(response: Response) -> Response:
        cookies.keep(response, "device", str(value))
        return response


def in_words(request: Request) -> str:
    """Return what the browser says of itself, in two words: `Firefox, Linux`."""
    said = request.headers.get("User-Agent", "")
    browser = _first(
        said,
        {
            "Edg": "Edge",
            "OPR": "Opera",
            "Firefox": "Firefox",
            "Chrome": "Chrome",
            "Safari": "Safari",
        },
    )
    system = _first(
        said,
        {
            "Android": "Android",
            "iPhone": "iPhone",
            "iPad": "iPad",
            "Windows": "Windows",
            "Mac OS": "macOS",
            "Linux": "Linux",
        },
    )
    return ", ".join(part for part in (browser, system) if part)


def _first(text: str, names: dict[str, str]) -> str:
    return next((shown for part, shown in names.items() if part in text), "")


def _account(address: str) -> str:
    return hashlib.sha256(address.encode()).hexdigest()[:16]


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="device")
