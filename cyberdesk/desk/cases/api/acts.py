"""Acting on a case. Each act is a post, and answers with the case as it is afterwards.

`seen` is the `version` that the decision was taken on: where something has turned since, the act is
refused with 409 and told what. If-Match is stricter: any change refuses, with 412.
"""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from cyberdesk.core.web.api import Answer, Input, Output, Words
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.cases import service
from cyberdesk.desk.cases.api.door import door, held, reached, shown
from cyberdesk.desk.cases.api.shapes import CaseOut

Seen = Annotated[
    int | None, Field(ge=0, le=2**31, description="The `version` that you decided on.")
]
_ACT: dict[str, Any] = {"answers": CaseOut, "status": 200, "also": "case:read", "tagged": True}


class ReopenIn(Input):
    reason: Words = Field(min_length=1, examples=["Le prestataire a rappelé."])


class ReasonIn(ReopenIn):
    seen: Seen = None


class HandOverIn(Input):
    to: UUID = Field(description="Somebody of the desk: see the colleagues of the case.")
    note: Words = Field(min_length=1, examples=["Le maire rappelle à 14 h."])
    seen: Seen = None


class SeverityIn(Input):
    to: int = Field(ge=1, le=4, description="1 watch, 2 serious, 3 severe, 4 critical.")
    reason: Words = Field(min_length=1, examples=["La paie part demain."])
    seen: Seen = None


class CloseIn(Input):
    """An incident needs its causes, damages and the three texts; each ending its letter.

    The codes are those of the strand's vocabulary.
    """

    outcome: str = Field(examples=["incident"])
    determination: str = Field(examples=["confirmed"])
    letter: Words = Field(
        description="What the commune is told.", examples=["Madame la maire, tout est rétabli."]
    )
    causes: list[str] = Field(default=[], max_length=20, examples=[["phishing"]])
    damages: list[str] = Field(default=[], max_length=50, examples=[["information/pii"]])
    cause: Words = Field(default="", examples=["Une pièce jointe ouverte."])
    damage: Words = Field(default="", examples=["Deux jours sans état civil."])
    lessons: Words = Field(default="", examples=["Double facteur pour tous."])
    seen: Seen = None


class Colleague(Output):
    id: UUID
    name: str
    lead: bool


class ColleaguesOut(Output):
    data: list[Colleague]


@door.get(
    "/cases/<reference>/colleagues",
    may="case:hand-over",
    also="case:read",
    answers=ColleaguesOut,
)
def read_colleagues(reference: str) -> ColleaguesOut:
    """List who works on the desk of this case: to whom it can be handed over."""
    found = service.team(reached(reference).strand)
    return ColleaguesOut(data=[Colleague.model_validate(one) for one in found])


@door.post("/cases/<reference>/take", may="case:take", **_ACT)
def take_case(reference: str) -> Answer:
    """Take the case in the name of the person whose token this is. 409: somebody was faster."""
    return shown(service.take(actor(), held(reference)))


@door.post("/cases/<reference>/release", may="case:release", takes=ReasonIn, **_ACT)
def release_case(reference: str, body: ReasonIn) -> Answer:
    """Put the case back into the queue."""
    case = held(reference)
    return shown(service.release(actor(), case, reason=body.reason, seen=body.seen))


@door.post("/cases/<reference>/hand-over", may="case:hand-over", takes=HandOverIn, **_ACT)
def hand_over_case(reference: str, body: HandOverIn) -> Answer:
    """Hand the case over to a colleague, with a note of what comes next."""
    case = held(reference)
    service.hand_over(actor(), case, to=body.to, note_to=body.note, seen=body.seen)
    return shown(case)


@door.post("/cases/<reference>/escalate", may="case:escalate", takes=ReasonIn, **_ACT)
def escalate_case(reference: str, body: ReasonIn) -> Answer:
    """Call for the lead. The case stays with its owner and moves up."""
    case = held(reference)
    return shown(service.escalate(actor(), case, reason=body.reason, seen=body.seen))


@door.post("/cases/<reference>/severity", may="case:severity", takes=SeverityIn, **_ACT)
def set_severity(reference: str, body: SeverityIn) -> Answer:
    """Set another severity than the computed one, which stays beside it with your reason."""
    case = held(reference)
    service.override_severity(actor(), case, to=body.to, reason=body.reason, seen=body.seen)
    return shown(case)


@door.post("/cases/<reference>/severity/computed", may="case:severity", takes=ReasonIn, **_ACT)
def return_to_computed_severity(reference: str, body: ReasonIn) -> Answer:
    """Put the computed severity back in force."""
    case = held(reference)
    return shown(service.drop_override(actor(), case, reason=body.reason, seen=body.seen))


@door.post("/cases/<reference>/close", may="case:close", takes=CloseIn, **_ACT)
def close_case(reference: str, body: CloseIn) -> Answer:
    """Close the case with what was found. All that is missing is told at once, field by field."""
    case = held(reference)
    service.close_case(actor(), case, **body.model_dump())
    return shown(case)


@door.post("/cases/<reference>/reopen", may="case:reopen", takes=ReopenIn, **_ACT)
def reopen_case(reference: str, body: ReopenIn) -> Answer:
    """Open a closed case again. Its endings stay."""
    return shown(service.reopen_case(actor(), held(reference), reason=body.reason))
