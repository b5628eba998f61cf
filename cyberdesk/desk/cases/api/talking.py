"""The thread of a case: messages with those concerned, and the desk's own notes."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field
from sqlalchemy import select

from cyberdesk.core.web.api import Input, Output, Page, PageQuery, Words, page_of
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.cases import service
from cyberdesk.desk.cases.api.door import door, reached
from cyberdesk.desk.cases.models import CaseMessage
from cyberdesk.desk.cases.service.telling import on_the_desk
from cyberdesk.desk.cases.service.thread import DESK, readable


class NoteIn(Input):
    body: Words = Field(min_length=1, examples=["Le pare-feu bloque l’adresse depuis 10 h 12."])


class MessageIn(NoteIn):
    shared_with: list[Literal["provider", "dpo"]] = Field(
        default_factory=list,
        max_length=2,
        description="Who reads it besides the desk and the commune.",
    )


class MessageOut(Output):
    """A message, or a note of the desk."""

    id: UUID
    at: datetime
    side: str = Field(description="desk, commune, provider or dpo.", examples=["desk"])
    author: str | None = Field(description="Who of the desk wrote it is told to the desk.")
    body: str
    desk_only: bool = Field(description="A note: only the desk reads it.")
    shared_with: list[str] = Field(description="provider, dpo: who reads it too.")


@door.get("/cases/<reference>/messages", may="case:read", answers=Page[MessageOut], query=PageQuery)
def read_messages(reference: str, query: PageQuery) -> Page[MessageOut]:
    """Read the thread, oldest first; the desk finds its notes in it. Nothing is marked as read.

    An outside provider finds what was addressed to them, and what they wrote.
    """
    case = reached(reference)
    desk = on_the_desk(actor(), case)
    wanted = select(CaseMessage).where(*readable(actor(), case))
    order: list[Any] = [CaseMessage.at, CaseMessage.id]
    return page_of(wanted, order, query, lambda one: _message(one, desk=desk))


@door.post(
    "/cases/<reference>/messages",
    may="case:write",
    also="case:read",
    takes=MessageIn,
    answers=MessageOut,
)
def send_message(reference: str, body: MessageIn) -> MessageOut:
    """Write a message: from the desk to those concerned, or from them to the desk.

    The commune finds it on its page and is told by mail. Possible on a closed case too.
    """
    case = reached(reference)
    sent = service.write(actor(), case, body=body.body, shared_with=body.shared_with)
    return _message(sent, desk=on_the_desk(actor(), case))


@door.post(
    "/cases/<reference>/notes",
    may="case:note",
    also="case:read",
    takes=NoteIn,
    answers=MessageOut,
)
def add_note(reference: str, body: NoteIn) -> MessageOut:
    """Write a note that only the desk reads: what a probe saw, a ticket elsewhere."""
    return _message(service.add_note(actor(), reached(reference), body=body.body), desk=True)


def _message(message: CaseMessage, *, desk: bool) -> MessageOut:
    hidden = message.side == DESK and not desk
    return MessageOut(
        id=message.id,
        at=message.at,
        side=message.side,
        author=None if hidden else message.author_name,
        body=message.body,
        desk_only=message.desk_only,
        shared_with=message.shared_with,
    )
