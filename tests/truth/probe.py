"""One request, answered as it would be, of which nothing stays: its transaction is rolled back."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from threading import get_ident
from typing import Any

from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import event

from cyberdesk.core import db
from cyberdesk.core.access import throttle
from cyberdesk.core.db import atomic
from cyberdesk.core.db.work import doom
from cyberdesk.core.web.doors import doors
from tests.truth.cast import CSRF

IN, SECOND = "in", "2fa"  # led to a way in, led to the second factor
_WAYS_IN = ("/connexion", "/reprendre")
_REFUSED = 400
_WITH_REASON = {"409", "412", "413", "415", "422", "429"}  # once it was known whose it is
_STREAM = "text/event-stream"
_CHANGING = re.compile(
    r"CD(?:-|%2D)[0-9A-Z]{3}-[0-9A-Z]{3}"  # a reference
    r"|[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}"  # an id
    r"|[\w-]{20,}\.[\w-]{6,}\.[\w-]{20,}"  # a signed token
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered: its cell of the table, its page, and the SQL that it took."""

    cell: str
    body: str = ""  # without what names an object, or differs each time; empty once it is shown
    statements: tuple[str, ...] = ()
    at_the_door: bool = False  # before anybody looked whose object it is

    @property
    def reached(self) -> bool:
        """Say whether something was shown or done, or could have been with a better form."""
        return self.cell.isdigit() and (int(self.cell) < _REFUSED or self.cell in _WITH_REASON)


class Prober:
    """Asks `app` for everybody of the cast."""

    def __init__(self, app: Flask, headers: Mapping[str, Mapping[str, str]]) -> None:
        self._app, self._headers = app, headers
        self._client = app.test_client(use_cookies=False)
        signer = URLSafeTimedSerializer(app.config["SECRET_KEY"], salt="wtf-csrf-token")
        self._csrf = signer.dumps(CSRF)

    def ask(
        self, who: str, method: str, endpoint: str, address: str, sent: Mapping[str, Any]
    ) -> Answer:
        throttle.use(throttle.Memory())  # nobody has tried anything yet
        options: dict[str, Any] = {"headers": {"HX-Request": "true"} | dict(self._headers[who])}
        if doors(self._app)[endpoint].machine:
            options["json"] = dict(sent) if method != "GET" else None
        elif method != "GET":
            options["data"] = dict(sent) | {"csrf_token": self._csrf}
        with _undone(), _noted() as statements, _entered(self._app) as views:
            response = self._client.open(address, method=method, **options)
            body = b"" if response.mimetype == _STREAM else response.get_data()
            response.close()
        found = Answer(_cell(response), at_the_door=not views)
        if found.reached:
            return found
        return replace(
            found, body=bare(body.decode(errors="replace")), statements=tuple(statements)
        )


def bare(body: str) -> str:
    """Return a page without references, ids and tokens."""
    return _CHANGING.sub("…", body)


def _cell(response: Any) -> str:
    where = response.location or ""
    if where.startswith(_WAYS_IN):
        return IN
    return SECOND if where.startswith("/compte/proteger") else str(response.status_code)


@contextmanager
def _undone() -> Iterator[None]:
    """Let the request join a transaction that never commits, nor does what waits for a commit."""
    with atomic():
        yield
        doom()


@contextmanager
def _noted() -> Iterator[list[str]]:
    sent: list[str] = []
    here = get_ident()

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if get_ident() == here:  # live pages look from a thread of their own
            sent.append(statement)

    engine = db.database().engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


@contextmanager
def _entered(app: Flask) -> Iterator[list[str]]:
    """Note each view that is entered: nobody who is refused at the door gets there."""
    entered: list[str] = []
    real = app.dispatch_request

    def dispatch() -> Any:
        entered.append("view")
        return real()

    app.dispatch_request = dispatch  # type: ignore[method-assign]
    try:
        yield entered
    finally:
        del app.dispatch_request
