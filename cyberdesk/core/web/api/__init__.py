"""The API for machines, `/api/v1`: what each room's `api.py` is made with.

    door = ApiDoor("cases", __name__, tag="Cases")

    @door.get("/cases", may="case:list", answers=Page[CaseOut], query=CaseQuery)
    def list_cases(query: CaseQuery) -> Page[CaseOut]: …

    @door.post("/cases/<reference>/notes", may="case:note", takes=NoteIn, answers=NoteOut)
    def add_note(reference: str, body: NoteIn) -> NoteOut: …

Answers are JSON, refusals are problem+json (RFC 9457), lists are pages with a cursor, and a POST
that carries an `Idempotency-Key` is done once however often it is sent.
"""

from cyberdesk.core.web.api.answers import Answer, refuse_stale
from cyberdesk.core.web.api.door import ApiDoor
from cyberdesk.core.web.api.pages import Page, PageQuery, page_of
from cyberdesk.core.web.api.shapes import Input, Output, Query, Said, Words, said

__all__ = [
    "Answer",
    "ApiDoor",
    "Input",
    "Output",
    "Page",
    "PageQuery",
    "Query",
    "Said",
    "Words",
    "page_of",
    "refuse_stale",
    "said",
]
