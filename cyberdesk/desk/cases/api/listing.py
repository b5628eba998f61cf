"""The list of cases: as the queue, for one organisation, or by what has changed."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field
from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import defer

from cyberdesk.core.access import Actor
from cyberdesk.core.access.models import Organisation
from cyberdesk.core.web.api import Page, PageQuery, page_of
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.cases.api.door import door
from cyberdesk.desk.cases.api.shapes import CaseOut, case_out
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.cases.reaching import within

Waits = Literal["commune", "provider", "responder", "mayor", "dpo", "engine"]
_CLOSED_DOORS = (defer(Case.override_reason_sealed, raiseload=True),)


class CaseQuery(PageQuery):
    """What to list. Exercises are apart: ask for them."""

    state: Literal["open", "closed", "all"] = "open"
    strand: str | None = Field(default=None, examples=["cyber"])
    level: int | None = Field(default=None, ge=1, le=4, description="Severity in force.")
    owner: Literal["me", "nobody"] | UUID | None = Field(
        default=None, description="The id of a person, or in a word."
    )
    organisation: str | None = Field(
        default=None, description="Its id, or its INSEE code or SIREN.", examples=["83901"]
    )
    subject: str | None = Field(default=None, examples=["ransomware"])
    department: str | None = Field(default=None, examples=["83"])
    waits_on: Waits | None = None
    reference: str | None = Field(
        default=None, min_length=1, max_length=20, description="A reference, or how it begins."
    )
    changed_since: AwareDatetime | None = Field(
        default=None, description="Only what has changed at this instant or later."
    )
    exercise: bool = False
    sort: Literal["worst", "id", "changed"] = Field(
        default="worst",
        description="`worst`: as the queue. `id`: oldest first, and nothing moves. `changed`: "
        "oldest change first; to follow the desk, keep the last `changed_at` and ask again from "
        "a minute before it.",
    )


@door.get("/cases", may="case:read", answers=Page[CaseOut], query=CaseQuery)
def list_cases(query: CaseQuery) -> Page[CaseOut]:
    """List the cases that you reach.

    The desk gets its queue, a member of an organisation that organisation's cases. A case that
    changes its place while you turn the pages of `worst` may be met twice, or not: use `id` or
    `changed` where every case counts.
    """
    wanted = select(Case).where(within(actor(), "case:read"), *_narrowed(actor(), query))
    order, down = _order(query)
    return page_of(wanted.options(*_CLOSED_DOORS), order, query, _row, descending=down)


def _row(case: Case) -> CaseOut:
    return case_out(actor(), case, whole=False)


def _order(query: CaseQuery) -> tuple[list[ColumnElement[Any]], list[ColumnElement[Any]]]:
    columns: dict[str, list[Any]] = {
        "worst": [Case.rank, Case.id],
        "id": [Case.id],
        "changed": [Case.moved_at, Case.id],
    }
    order = columns[query.sort]
    return order, order[:1] if query.sort == "worst" else []


def _narrowed(who: Actor, query: CaseQuery) -> list[ColumnElement[bool]]:
    equal = {
        Case.strand: query.strand,
        Case.state: None if query.state == "all" else query.state,
        Case.level: query.level,
        Case.subject: query.subject,
        Case.department: query.department,
        Case.waits_on: query.waits_on,
        Case.exercise: query.exercise,
    }
    found: list[ColumnElement[bool]] = [
        column == value for column, value in equal.items() if value is not None
    ]
    if query.owner:
        found.append(_owned(who, query.owner))
    if query.organisation:
        found.append(Case.organisation_id.in_(_organisations(query.organisation)))
    if query.reference:
        found.append(_begins(query.reference))
    if query.changed_since:
        found.append(_changed(query.changed_since))
    return found


def _owned(who: Actor, owner: str | UUID) -> ColumnElement[bool]:
    if owner == "nobody":
        return Case.owner_id.is_(None)
    return Case.owner_id == (who.person if owner == "me" else owner)


def _organisations(given: str) -> Select[UUID] | list[UUID]:
    try:
        return [UUID(given)]
    except ValueError:
        return select(Organisation.id).where(Organisation.code == given)


def _begins(typed: str) -> ColumnElement[bool]:
    """Compare by bounds, which an index serves, and not by a pattern that a sender could write."""
    text = typed.upper().replace(" ", "-")
    start = text if text.startswith("CD") else f"CD-{text}"
    return (Case.reference >= start) & (Case.reference < f"{start}\uffff")


def _changed(since: datetime) -> ColumnElement[bool]:
    return Case.moved_at >= since
