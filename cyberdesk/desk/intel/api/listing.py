"""Listing the observables of a case and adding to them."""

from typing import Any

from sqlalchemy import select

from cyberdesk.core.errors import InvalidError
from cyberdesk.core.text import _
from cyberdesk.core.web.api import Page, page_of
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.intel import service
from cyberdesk.desk.intel.api.door import all_shown, door, reached
from cyberdesk.desk.intel.api.shapes import (
    AddedOut,
    ObservableOut,
    ObservableQuery,
    ObservablesIn,
)
from cyberdesk.desk.intel.models import OBSERVABLE, StixObject
from cyberdesk.desk.intel.reading import Value, read_one
from cyberdesk.desk.intel.showing import bare

_ORDER: list[Any] = [StixObject.added_at, StixObject.id]
_ADDRESS = "/cases/<reference>/observables"


@door.get(
    _ADDRESS,
    may="observable:read",
    also="case:read",
    answers=Page[ObservableOut],
    query=ObservableQuery,
)
def list_observables(reference: str, query: ObservableQuery) -> Page[ObservableOut]:
    """List the observables of a case, in the order in which they were added."""
    case = reached(reference)
    gone = StixObject.retracted_at.is_not(None)
    wanted = select(StixObject).where(
        StixObject.case_id == case.id,
        StixObject.kind == OBSERVABLE,
        gone if query.withdrawn else ~gone,
    )
    if query.sort:
        wanted = wanted.where(StixObject.sort == str(query.sort))
    page = page_of(wanted, _ORDER, query, lambda row: row)
    return Page(data=all_shown(case, page.data), next=page.next)


@door.post(_ADDRESS, may="observable:add", also="case:read", takes=ObservablesIn, answers=AddedOut)
def add_observables(reference: str, body: ObservablesIn) -> AddedOut:
    """Add values to a case. Each is one value that is sure, or none is kept at all."""
    case = reached(reference)
    done = service.add_observables(
        actor(),
        case,
        bare(_read(body)),
        marking=body.tlp,
        note=body.note,
        source="machine",
        seen_at=body.seen_at,
        seen_until=body.seen_until,
    )
    return AddedOut(added=all_shown(case, done.new), known=all_shown(case, done.known))


def _read(body: ObservablesIn) -> list[Value]:
    """Read every value, or raise InvalidError with what is wrong with each."""
    lines = [read_one(one.value, one.sort) for one in body.values]
    wrong = {
        f"values.{number}.value": [line.problem or _("Give one value, not several.")]
        for number, line in enumerate(lines)
        if len(line.found) != 1
    }
    if wrong:
        raise InvalidError(_("Something needs another look."), fields=wrong)
    return [value for line in lines for value in line.found]
