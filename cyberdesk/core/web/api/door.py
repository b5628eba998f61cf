"""`ApiDoor`: the routes of a room that answer to machines."""

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import Response
from pydantic import BaseModel

from cyberdesk.core.access.permissions import PUBLIC, SIGNED_IN
from cyberdesk.core.web.api import idempotency, pace
from cyberdesk.core.web.api.answers import respond
from cyberdesk.core.web.api.document import describe
from cyberdesk.core.web.api.reading import read_body, read_nothing, read_query
from cyberdesk.core.web.api.shapes import Input, Query
from cyberdesk.core.web.doors import Door

PREFIX = "/api/v1"

View = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Call:
    """What one method of one address takes and gives.

    `also` is a second permission that it needs; `tagged` answers bear an entity tag.
    """

    method: str
    may: str
    tag: str
    status: int
    takes: type[Input] | None = None
    query: type[Query] | None = None
    answers: type[BaseModel] | None = None
    also: str | None = None
    tagged: bool = False
    media: str = "application/json"
    largest: int | None = None

    @property
    def scopes(self) -> list[str]:
        """Return the permissions that a token needs."""
        return [may for may in (self.may, self.also) if may and may not in {PUBLIC, SIGNED_IN}]

    @property
    def refusals(self) -> Sequence[int]:
        """The statuses of refusals that a client has to expect."""
        found = [404, 422, 429, 503]
        if self.may != PUBLIC:
            found += [401, 403]
        if self.method != "GET":
            found += [400, 409, 413, 415]
            found += [412] if self.tagged else []
        return sorted(found)


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
        also: str | None = None,
        tagged: bool = False,
        media: str = "application/json",
    ) -> Callable[[View], View]:
        """Answer GET with `answers`; the view is given `query=` when one is declared."""
        ok = HTTPStatus.OK
        call = Call("GET", may, self.tag, ok, None, query, answers, also, tagged, media)
        return self._serve(rule, call)

    def post(  # type: ignore[override]
        self,
        rule: str,
        *,
        may: str,
        takes: type[Input] | None = None,
        answers: type[BaseModel] | None = None,
        status: int = HTTPStatus.CREATED,
        also: str | None = None,
        tagged: bool = False,
        largest: int | None = None,
    ) -> Callable[[View], View]:
        """Answer POST; the view is given `body=`. Done once per Idempotency-Key.

        `largest` is how many bytes a body may have where a file comes in; else `MAX_BODY`.
        """
        status = status if answers else HTTPStatus.NO_CONTENT
        call = Call(
            "POST", may, self.tag, status, takes, None, answers, also, tagged, largest=largest
        )
        return self._serve(rule, call)

    def patch(  # type: ignore[override]
        self, rule: str, *, may: str, takes: type[Input], answers: type[BaseModel]
    ) -> Callable[[View], View]:
        """Change a part of an object. The view calls `refuse_stale(version)` itself."""
        ok = HTTPStatus.OK
        call = Call("PATCH", may, self.tag, ok, takes, None, answers, tagged=True)
        return self._serve(rule, call)

    def delete(self, rule: str, *, may: str) -> Callable[[View], View]:  # type: ignore[override]
        return self._serve(rule, Call("DELETE", may, self.tag, HTTPStatus.NO_CONTENT))

    def _serve(self, rule: str, call: Call) -> Callable[[View], View]:
        def decorate(view: View) -> View:
            served = _served(view, call)
            self.open(
                rule, may=call.may, also=call.also, largest=call.largest, methods=[call.method]
            )(served)
            return view

        return decorate


def _served(view: View, call: Call) -> View:
    def answer(**given: Any) -> Response:
        query = read_query(call.query or Query)  # a parameter that is not known is refused
        if call.query:
            given["query"] = query
        if call.takes:
            given["body"] = read_body(call.takes)
        elif call.method != "GET":
            read_nothing()
        return respond(view(**given), call.status)

    once = idempotency.once(answer) if call.method == "POST" else answer

    def served(**given: Any) -> Response:
        pace.keep()
        return once(**given)

    return functools.wraps(describe(view, call))(served)
