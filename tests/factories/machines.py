"""Programs that call the API with a token of somebody."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from cyberdesk.core import clock
from cyberdesk.core.access.api_tokens import make_token
from cyberdesk.core.access.models import Person
from cyberdesk.core.access.permissions import permissions_of
from cyberdesk.core.db import atomic
from tests.factories.people import actor_of

API = "/api/v1"


class Machine:
    """A client of the API. `api.get("/cases?level=4")`, `api.post("/cases/…/take")`."""

    def __init__(self, app: Flask, token: str) -> None:
        self.client, self.token = app.test_client(), token

    def get(self, address: str, **headers: str) -> TestResponse:
        return self.client.get(API + address, headers=self._headers(headers))

    def post(self, address: str, body: Any = None, **headers: str) -> TestResponse:
        given = {} if body is None else {"json": body}
        return self.client.post(API + address, headers=self._headers(headers), **given)

    def raw(self, address: str, data: bytes, kind: str = "application/json") -> TestResponse:
        """Send bytes as they are."""
        return self.client.post(
            API + address, data=data, content_type=kind, headers=self._headers({})
        )

    def all(self, address: str) -> list[dict[str, Any]]:
        """Turn every page and return the rows."""
        mark = "&" if "?" in address else "?"
        found, cursor = [], ""
        while True:
            page = self.get(address + cursor).json
            found += page["data"]
            if page["next"] is None:
                return found
            cursor = f"{mark}cursor={page['next']}"

    def _headers(self, given: dict[str, str]) -> dict[str, str]:
        named = {name.replace("_", "-"): value for name, value in given.items()}
        return {"Authorization": f"Bearer {self.token}"} | named


def make_machine(
    app: Flask,
    person: Person,
    scopes: Iterable[str] | None = None,
    *,
    lasts: timedelta = timedelta(days=1),
) -> Machine:
    """A program with a token of `person`, for all that they may unless `scopes` says less."""
    actor = actor_of(person)
    every = {name for grant in actor.grants for name in permissions_of(grant.role)}
    with atomic(actor.scope):
        _, text = make_token(
            actor,
            name="Pont SIEM",
            scopes=set(scopes) if scopes is not None else every,
            expires_at=clock.now() + lasts,
        )
    return Machine(app, text)
