"""Legal clocks, for programs: those of a case, and saying with proof that one was met."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import AwareDatetime, Field

from cyberdesk.core.web.api import ApiDoor, Input, Output, Said, Words, said
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.clocks import service
from cyberdesk.desk.clocks.models import Clock

door = ApiDoor("clocks", __name__, tag="Deadlines")


class ClockOut(Output):
    """An obligation that runs from the moment when the victim knew."""

    id: UUID
    name: str = Field(examples=["GDPR33"])
    title: Said
    force: str = Field(description="must or should.", examples=["must"])
    sure: bool = Field(description="Whether it surely applies here; else it is to be verified.")
    state: str = Field(description="running, done or excluded.", examples=["running"])
    started_at: datetime
    due_at: datetime | None = Field(description="Null: at once.")
    late: bool = Field(description="Its time has passed before it was done; that stays.")
    done_at: datetime | None
    done_by: str | None
    proof: str | None
    reason: str | None = Field(description="Why it was set aside.")
    verified_on: date | None = Field(description="When its source was last read.")


class ClocksOut(Output):
    known_at: datetime | None = Field(description="When the victim knew: the clocks run from it.")
    data: list[ClockOut] = Field(description="What is due at once first, then by their end.")


class DoneIn(Input):
    at: AwareDatetime = Field(examples=["2026-11-27T16:20:00Z"])
    proof: Words = Field(
        min_length=1,
        max_length=4_000,
        description="Receipt number, who was told, by whom, by which way.",
        examples=["Téléservice de la CNIL, accusé 2026-114-883."],
    )


@door.get("/cases/<reference>/clocks", may="clock:read", also="case:read", answers=ClocksOut)
def list_clocks(reference: str) -> ClocksOut:
    """List the legal clocks of a case."""
    case = cases.access_case(actor(), reference)
    found = service.clocks(actor(), case)
    return ClocksOut(known_at=service.awareness_of(case), data=[_shown(one) for one in found])


@door.post(
    "/clocks/<uuid:clock_id>/done", may="clock:done", also="case:read", takes=DoneIn,
    answers=ClockOut, status=200,
)  # fmt: skip
def meet_clock(clock_id: UUID, body: DoneIn) -> ClockOut:
    """Say that an obligation was met, when, and what proves it. 409: it is closed already."""
    clock = service.access_clock(actor(), clock_id)
    return _shown(service.complete(actor(), clock, at=body.at, proof=body.proof))


def _shown(clock: Clock) -> ClockOut:
    return ClockOut(
        id=clock.id,
        name=clock.name,
        title=said(clock.title),
        force=clock.force,
        sure=clock.sure,
        state=clock.state,
        started_at=clock.started_at,
        due_at=clock.due_at,
        late=clock.late,
        done_at=clock.done_at,
        done_by=clock.done_by,
        proof=clock.proof or None,
        reason=clock.reason or None,
        verified_on=_verified(clock.about),
    )


def _verified(about: Mapping[str, Any]) -> date | None:
    given = about.get("verified_on")
    return date.fromisoformat(str(given)) if given else None
