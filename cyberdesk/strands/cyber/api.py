"""What a case of the strand knows, for programs: its facts, and correcting one."""

from datetime import datetime
from typing import Any

from pydantic import Field

from cyberdesk.core.errors import NotFoundError
from cyberdesk.core.text import _
from cyberdesk.core.web.api import ApiDoor, Input, Output, Said, Words, said
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases.models import Case
from cyberdesk.strands.cyber import known, service
from cyberdesk.strands.cyber.facts import load_facts
from cyberdesk.strands.cyber.known import Known
from cyberdesk.strands.cyber.models import FactCorrection
from cyberdesk.strands.cyber.weighing import TOLD

door = ApiDoor("cyber", __name__, tag="Facts")


class CorrectionOut(Output):
    """Somebody said that a fact is another than it was, or took that back."""

    before: str = Field(examples=["yes"])
    said: str = Field(description="`told`: what was declared counts again.", examples=["no"])
    at: datetime
    by: str
    reason: str


class FactOut(Output):
    """What is known of one thing: yes, no, unknown, or one of its choices."""

    name: str = Field(examples=["insured"])
    label: Said
    holds: str = Field(description="What is in force.", examples=["no"])
    told: str = Field(description="What it was before any correction.", examples=["yes"])
    told_by: Said = Field(description="Who says what was told.")
    answers: list[str] = Field(description="What can be said of it.")
    correction: CorrectionOut | None = Field(description="The one in force.")


class FactsOut(Output):
    data: list[FactOut] = Field(description="Those that nobody knows first.")


class FactHistoryOut(FactOut):
    history: list[CorrectionOut] = Field(description="Every correction, the latest first.")


class CorrectIn(Input):
    said: str = Field(
        max_length=40,
        description="One of its `answers`, or `told` to take a correction back.",
        examples=["no"],
    )
    reason: Words = Field(
        min_length=1,
        max_length=2_000,
        description="Who says so, and how they know. The commune reads it too.",
        examples=["La DGS, au téléphone : la police ne couvre pas le cyber."],
    )
    seen: str | None = Field(
        default=None,
        max_length=40,
        description="The `holds` that you decided on.",
        examples=["yes"],
    )


@door.get("/cases/<reference>/cyber/facts", may="triage:read", also="case:read", answers=FactsOut)
def list_facts(reference: str) -> FactsOut:
    """List what is known of a case: what was told, what is in force, and who corrected it."""
    return FactsOut(data=[FactOut(**_shown(one)) for one in known.known(_ours(reference))])


@door.get(
    "/cases/<reference>/cyber/facts/<fact>",
    may="triage:read",
    also="case:read",
    answers=FactHistoryOut,
)
def read_fact(reference: str, fact: str) -> FactHistoryOut:
    """Read a fact of a case, with all that was ever said of it."""
    return _told(_ours(reference), fact)


@door.post(
    "/cases/<reference>/cyber/facts/<fact>",
    may="fact:correct",
    also="triage:read",
    takes=CorrectIn,
    answers=FactHistoryOut,
    status=200,
)
def correct_fact(reference: str, fact: str, body: CorrectIn) -> FactHistoryOut:
    """Correct a fact; severity, deadlines and running playbooks follow. 409: it says so already."""
    case = _ours(reference)
    service.correct(actor(), case, fact=fact, **body.model_dump())
    return _told(case, fact)


def _ours(reference: str) -> Case:
    case = cases.access_case(actor(), reference, may="triage:read")
    if case.strand != "cyber":
        raise NotFoundError(_("This case is not one of ours."))
    return case


def _told(case: Case, fact: str) -> FactHistoryOut:
    for one in known.known(case):
        if one.name == fact:
            history = [_correction(row) for row in known.corrections_of(case, fact)]
            return FactHistoryOut(**_shown(one), history=history)
    raise NotFoundError(_("There is no such fact of this case."))


def _shown(one: Known) -> dict[str, Any]:
    sheet = load_facts()[one.name]
    return {
        "name": one.name,
        "label": said(sheet.label.model_dump()),
        "holds": one.said,
        "told": one.told,
        "told_by": said(one.by),
        "answers": [*sheet.answers, *([TOLD] if one.correction else [])],
        "correction": _correction(one.correction) if one.correction else None,
    }


def _correction(row: FactCorrection) -> CorrectionOut:
    return CorrectionOut(
        before=row.before, said=row.said, at=row.at, by=row.author_name, reason=row.reason or ""
    )
