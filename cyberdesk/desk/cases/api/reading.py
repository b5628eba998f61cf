"""Reading one case: what it is, what happened, how it ended, whom to call."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field
from sqlalchemy import select

from cyberdesk.core.text import LANGUAGES, speaking
from cyberdesk.core.web.api import Answer, Output, Page, PageQuery, Said, page_of
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.cases import service
from cyberdesk.desk.cases.api.door import concerned, door, reached, shown
from cyberdesk.desk.cases.api.shapes import CaseOut
from cyberdesk.desk.cases.models import CaseEnding, CaseEvent, CasePerson
from cyberdesk.desk.cases.service.telling import on_the_desk
from cyberdesk.desk.cases.story import parts, sentence


class Author(Output):
    """Who did it: a person, a private link, a program, or the house itself."""

    kind: str = Field(examples=["person", "link", "token", "system"])
    name: str


class EventOut(Output):
    """A line of the timeline."""

    id: UUID
    version: int = Field(description="That the case had once this was told; they only grow.")
    happened_at: datetime = Field(description="May lie before `told_at`: a chronology goes back.")
    told_at: datetime
    kind: str = Field(examples=["case:taken"])
    said: Said = Field(description="The line in a sentence.")
    parts: list[Said] = Field(description="Each of what was done at one go, where it was several.")
    words: str | None = Field(description="What a person wrote about it.")
    author: Author | None = Field(description="Told to the desk.")
    desk_only: bool


class TimelineQuery(PageQuery):
    after: int = Field(default=0, ge=0, description="Only lines after this `version`.")


class EndingOut(Output):
    """How a case was closed."""

    at: datetime
    outcome: str
    determination: str
    causes: list[str]
    damages: list[str]
    letter: str = Field(description="As it was sent to the commune.")
    cause: str | None = Field(description="These three are the desk's own.")
    damage: str | None
    lessons: str | None
    reopened_at: datetime | None


class EndingsOut(Output):
    data: list[EndingOut] = Field(description="The last one first.")


class PersonOut(Output):
    """Somebody to talk to about the case."""

    id: UUID
    role: str = Field(examples=["mayor"])
    name: str
    phone: str
    email: str
    about: str = Field(description="When to call, who answers.")


class PeopleOut(Output):
    data: list[PersonOut]


@door.get("/cases/<reference>", may="case:read", answers=CaseOut, tagged=True)
def read_case(reference: str) -> Answer:
    """Read a case. That you read it is journalled, once an hour."""
    return shown(reached(reference))


@door.get(
    "/cases/<reference>/timeline", may="case:read", answers=Page[EventOut], query=TimelineQuery
)
def read_timeline(reference: str, query: TimelineQuery) -> Page[EventOut]:
    """Read what happened, in the order in which it was told.

    Keep the last `version` and ask for what came `after`.
    """
    case = concerned(reference)
    wanted = select(CaseEvent).where(CaseEvent.case_id == case.id, CaseEvent.version > query.after)
    desk = on_the_desk(actor(), case)
    if not desk:
        wanted = wanted.where(CaseEvent.desk_only.is_(False))
    order: list[Any] = [CaseEvent.version, CaseEvent.id]
    return page_of(wanted, order, query, lambda line: _event(line, desk=desk))


@door.get("/cases/<reference>/endings", may="case:read", answers=EndingsOut)
def read_endings(reference: str) -> EndingsOut:
    """Read how the case was closed, each time."""
    case = concerned(reference)
    desk = on_the_desk(actor(), case)
    return EndingsOut(data=[_ending(one, desk=desk) for one in service.endings(actor(), case)])


@door.get("/cases/<reference>/people", may="case:people", also="case:read", answers=PeopleOut)
def read_people(reference: str) -> PeopleOut:
    """Read whom to call. For the desk."""
    found = service.people(actor(), reached(reference))
    return PeopleOut(data=[_person(one) for one in found])


def _event(line: CaseEvent, *, desk: bool) -> EventOut:
    spoken, each = {}, {}
    for tongue in LANGUAGES:
        with speaking(tongue):
            spoken[tongue], each[tongue] = sentence(line), parts(line)
    told = [dict(zip(each, said, strict=True)) for said in zip(*each.values(), strict=True)]
    return EventOut(
        id=line.id,
        version=line.version,
        happened_at=line.at,
        told_at=line.told_at,
        kind=line.kind,
        said=Said(**spoken),
        parts=[Said(**one) for one in told],
        words=line.words or None,
        author=Author(kind=line.actor_kind, name=line.actor_name) if desk else None,
        desk_only=line.desk_only,
    )


def _ending(ending: CaseEnding, *, desk: bool) -> EndingOut:
    found = ending.found if desk else {}
    return EndingOut(
        at=ending.at,
        outcome=ending.outcome,
        determination=ending.determination,
        causes=ending.causes,
        damages=ending.damages,
        letter=ending.letter,
        cause=found.get("cause"),
        damage=found.get("damage"),
        lessons=found.get("lessons"),
        reopened_at=ending.reopened_at,
    )


def _person(person: CasePerson) -> PersonOut:
    contact = person.contact
    return PersonOut(
        id=person.id,
        role=person.role,
        name=contact.get("name", ""),
        phone=contact.get("phone", ""),
        email=contact.get("email", ""),
        about=contact.get("note", ""),
    )
