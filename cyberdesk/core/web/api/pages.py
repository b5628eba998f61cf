"""Pages of long lists: a cursor says where the next one starts, and is opaque and signed.

A cursor holds the sort values of the last row, not a page number: rows that come or go meanwhile
move nothing. It is bound to the address and its filters.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeSerializer
from pydantic import Field
from sqlalchemy import ColumnElement, Select, and_, or_

from cyberdesk.core.db import session
from cyberdesk.core.errors import InvalidError
from cyberdesk.core.text import _
from cyberdesk.core.web.api.shapes import Output, Query

Item = TypeVar("Item")
Made = TypeVar("Made")
_PAGING = {"cursor", "limit"}


class PageQuery(Query):
    """The parameters of every list; filters are added by a subclass."""

    cursor: str | None = Field(default=None, description="`next` of the page before.")
    limit: int = Field(default=50, ge=1, le=200, description="How many at most.")


class Page(Output, Generic[Item]):
    """A part of a list. `next` is null on the last page."""

    data: list[Item]
    next: str | None = Field(default=None, description="Give it as `cursor` to read on.")


def page_of(
    statement: Select[Any],
    order: Sequence[ColumnElement[Any]],
    query: PageQuery,
    make: Callable[[Any], Made],
    *,
    descending: Iterable[ColumnElement[Any]] = (),
) -> Page[Made]:
    """Return the page of `statement` that `query` asks for, each row shown by `make`.

    `order` are the columns to sort by, never null, the last one unique; those also in `descending`
    go downwards.
    """
    down = {id(column) for column in descending}
    if query.cursor:
        statement = statement.where(_after(order, down, _read(query.cursor, len(order))))
    sorted_by = [column.desc() if id(column) in down else column for column in order]
    paged = statement.add_columns(*order).order_by(*sorted_by).limit(query.limit + 1)
    rows = session().execute(paged).unique().all()
    shown = rows[: query.limit]
    more = len(rows) > query.limit
    return Page(
        data=[make(row[0]) for row in shown],
        next=_write(shown[-1][-len(order) :]) if more else None,
    )


def _after(
    order: Sequence[ColumnElement[Any]], down: set[int], last: Sequence[Any]
) -> ColumnElement[bool]:
    """The rows behind `last`: (a, b) > (x, y) is a > x or (a = x and b > y)."""
    ways = []
    for place, column in enumerate(order):
        same = [before == value for before, value in zip(order[:place], last[:place], strict=True)]
        value = last[place]
        ways.append(and_(*same, column < value if id(column) in down else column > value))
    # The first column alone bounds what an index has to read.
    first, start = order[0], last[0]
    bound = first <= start if id(first) in down else first >= start
    return and_(bound, or_(*ways))


def _write(values: Iterable[Any]) -> str:
    return str(_serializer().dumps([_plain(value) for value in values]))


def _read(cursor: str, length: int) -> list[Any]:
    try:
        values = [_rich(value) for value in _serializer().loads(cursor)]
    except (BadSignature, ValueError, TypeError, KeyError):
        values = []
    if len(values) != length:
        raise InvalidError(
            _("This cursor is not of this list."),
            fields={"cursor": [_("Start again without it.")]},
        )
    return values


def _serializer() -> URLSafeSerializer:
    filters = sorted((k, v) for k, v in request.args.items(multi=True) if k not in _PAGING)
    salt = json.dumps(["cursor", request.path, filters])
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=salt)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"at": value.isoformat()}
    return {"id": str(value)} if isinstance(value, UUID) else value


def _rich(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return datetime.fromisoformat(value["at"]) if "at" in value else UUID(value["id"])
