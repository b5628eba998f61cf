"""`ApiDoor`: the routes of a room that answer to machines."""

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import Response
from pydantic import BaseModel

from cyberdesk.core.access.permissions import PUBLIC
from cyberdesk.core.web.api import idempotency
from cyberdesk.core.web.api.answers import respond
from cyberdesk.core.web.api.document import describe
from cyberdesk.core.web.api.reading import read_body, read_query
from cyberdesk.core.web.api.shapes import Input, Query
from cyberdesk.core.web.doors import Door

PREFIX = "/api/v1"

View = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Call:
    """What one method of one address takes and gives."""

    method: str
    may: str
    tag: str
    status: int
    takes: type[Input] | None = None
    query: type[Query] | None = None
    answers: type[BaseModel] | None = None

    @property
    def refusals(self) -> Sequence[int]:
        """The statuses of refusals that a client has to expect."""
        open_to_all = self.may == PUBLIC
        found = [404, 429] if open_to_all else [401, 403, 404, 429]
        if self.query or self.takes:
            found.append(422)
        if self.takes:
            found += [400, 413, 415]
        return found if self.method == "GET" else [*found, 409, 412]


class ApiDoor(Door):
    """A room's blueprint under `/api/v1`: tokens instead of cookies, so no CSRF."""

    def __init__(self, name: str, import_name: str, *, tag: str, **options: Any) -> None:
        super().__init__(f"api_{name}", import_name, machine=True, url_prefix=PREFIX, **options)
        self.tag = tag

    def get(  # type: ignore[override]
        self,
        rule: str,
        *,
        may: str,
        answers: type[BaseModel],
        query: type[Query] | None = None,
    ) -> Callable[[View], View]:
        """Answer GET with `answers`; the view is given `query=` when one is declared."""
        return self._serve(rule, Call("GET", may, self.tag, HTTPStatus.OK, None, query, answers))

    def post(  # type: ignore[override]
        self,
        rule: str,
        *,
        may: str,
        takes: type[Input] | None = None,
        answers: type[BaseModel] | None = None,
        status: int = HTTPStatus.CREATED,
    ) -> Callable[[View], View]:
        """Answer POST; the view is given `body=`. Done once per Idempotency-Key."""
        status = status if answers else HTTPStatus.NO_CONTENT
        return self._serve(rule, Call("POST", may, self.tag, status, takes, None, answers))

    def patch(  # type: ignore[override]
        self, rule: str, *, may: str, takes: type[Input], answers: type[BaseModel]
    ) -> Callable[[View], View]:
        """Change a part of an object. The view calls `refuse_stale(version)` itself."""
        return self._serve(rule, Call("PATCH", may, self.tag, HTTPStatus.OK, takes, None, answers))

    def delete(self, rule: str, *, may: str) -> Callable[[View], View]:  # type: ignore[override]
        return self._serve(rule, Call("DELETE", may, self.tag, HTTPStatus.NO_CONTENT))

    def _serve(self, rule: str, call: Call) -> Callable[[View], View]:
        def decorate(view: View) -> View:
            served = _served(view, call)
            self.open(rule, may=call.may, methods=[call.method])(served)
            return view

        return decorate


def _served(view: View, call: Call) -> View:
    def answer(**given: Any) -> Response:
        if call.query:
            given["query"] = read_query(call.query)
        if call.takes:
            given["body"] = read_body(call.takes)
        return respond(view(**given), call.status)

    once = idempotency.once(answer) if call.method == "POST" else answer
    return functools.wraps(describe(view, call))(once)
