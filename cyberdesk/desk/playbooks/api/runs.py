"""Runs, for programs: those of a case, one in full, starting one, telling one of a signal."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from cyberdesk.core.access import require
from cyberdesk.core.web.api import Input, Output, Said, Words, said
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.playbooks import service
from cyberdesk.desk.playbooks.api.door import door
from cyberdesk.desk.playbooks.engine import reasons
from cyberdesk.desk.playbooks.engine.reasons import Reason
from cyberdesk.desk.playbooks.models import Run
from cyberdesk.desk.playbooks.shelf import shelf
from cyberdesk.desk.playbooks.shown.states import States
from cyberdesk.desk.playbooks.steps import End, Start

Scalar = bool | int | float | Annotated[str, Field(max_length=4_000)] | None
_MOST_FIELDS = 50


class WaitOut(Output):
    """One thing that a run waits for."""

    kind: str = Field(
        description="open, confirm, approval, review, deciding or verify wait for a person; "
        "acting, retrying, delayed and waiting go on by themselves or by a signal; paused.",
        examples=["open"],
    )
    title: Said
    detail: str = Field(description="Who is asked, the signal, or what the last attempt met.")
    since: datetime
    until: datetime | None
    attempt: int
    attempts: int
    late: bool


class StepOut(Output):
    """The latest coming of the run to a step."""

    entry: int = Field(description="Counts the comings in this run.")
    path: str = Field(examples=["tracks/technical/isolate"])
    title: Said
    status: str = Field(
        description="done, failed, skipped, withdrawn, inside, or what it waits for."
    )
    answer: str | None
    since: datetime
    ended_at: datetime | None


class RunOut(Output):
    """A playbook at work on a case, pinned to one version."""

    id: UUID
    playbook: str = Field(examples=["ransomware"])
    version: str = Field(description="The content hash of its version.")
    title: Said
    why: Said = Field(description="Why this playbook was chosen.")
    status: str = Field(
        description="running, paused, cancelling, completed, failed or cancelled.",
        examples=["running"],
    )
    outcome: str | None
    started_at: datetime
    started_by: str
    ended_at: datetime | None
    waits: list[WaitOut]


class RunWithStepsOut(RunOut):
    steps: list[StepOut] = Field(description="In the order in which the run came to them.")


class RunsOut(Output):
    data: list[RunOut] = Field(description="Oldest first.")


class StartIn(Input):
    """A playbook to begin on a case, as it stands in the library now."""

    playbook: str = Field(min_length=1, max_length=200, examples=["ransomware"])
    given: dict[Annotated[str, Field(max_length=100)], Scalar] = Field(
        default_factory=dict,
        max_length=_MOST_FIELDS,
        description="Answers to what it asks, by name; what is left out is not known.",
    )
    reason: Words = Field(
        default="", max_length=4_000, description="Sealed on the timeline, for the desk."
    )


class SignalIn(Input):
    """Something that a step waits for, or will: the same `id` counts once."""

    name: str = Field(
        pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$", max_length=100,
        examples=["provider.report"],
    )  # fmt: skip
    id: str = Field(
        pattern=r"^[A-Za-z0-9._:-]{8,100}$",
        description="Yours, for this event; kept in the clear, so put no words into it.",
        examples=["01975e6e-5f6a-7c1e-9c1f-1d2f3a4b5c6d"],
    )
    payload: dict[Annotated[str, Field(max_length=100)], Scalar] = Field(
        default_factory=dict, max_length=_MOST_FIELDS, description="What the step may read of it."
    )


class SignalOut(Output):
    new: bool = Field(description="False when this id had come before: nothing was done.")


@door.get("/cases/<reference>/runs", may="run:read", also="case:read", answers=RunsOut)
def list_runs(reference: str) -> RunsOut:
    """List the runs of a case, with what each waits for."""
    case = cases.access_case(actor(), reference)
    require(actor(), "run:read", case)
    return RunsOut(data=[RunOut(**_told(run)) for run in service.runs_of(case)])


@door.post(
    "/cases/<reference>/runs", may="run:start", also="run:read", takes=StartIn, answers=RunOut
)
def start_run(reference: str, body: StartIn) -> RunOut:
    """Start a playbook on a case. 404: there is none of this name. 409: the case is closed."""
    case = cases.access_case(actor(), reference)
    require(actor(), "case:desk", case)
    run = service.start_run(
        actor(), case, playbook=body.playbook, given=body.given, reason=body.reason
    )
    return RunOut(**_told(run))


@door.get("/runs/<uuid:run_id>", may="run:read", also="case:read", answers=RunWithStepsOut)
def read_run(run_id: UUID) -> RunWithStepsOut:
    """Read a run with its steps."""
    run = service.access_run(actor(), run_id)
    cases.access_case(actor(), run.case_id)
    return RunWithStepsOut(**_told(run), steps=_steps(run))


@door.post(
    "/runs/<uuid:run_id>/signals", may="run:signal", also="run:read", takes=SignalIn,
    answers=SignalOut, status=200,
)  # fmt: skip
def signal_run(run_id: UUID, body: SignalIn) -> SignalOut:
    """Tell a run of a signal. 409: it has ended."""
    run = service.access_run(actor(), run_id)
    new = service.signal(actor(), run, name=body.name, payload=body.payload, dedup=body.id)
    return SignalOut(new=new)


def _told(run: Run) -> dict[str, Any]:
    return {
        "id": run.id,
        "playbook": run.name,
        "version": run.hash,
        "title": said(run.title),
        "why": said(run.why),
        "status": run.status,
        "outcome": run.outcome,
        "started_at": run.started_at,
        "started_by": run.started_by,
        "ended_at": run.ended_at,
        "waits": [_wait(reason) for reason in reasons(shelf, run.state)],
    }


def _wait(reason: Reason) -> WaitOut:
    return WaitOut(
        kind=reason.kind,
        title=said(reason.title),
        detail=reason.detail,
        since=reason.since,
        until=reason.until,
        attempt=reason.attempt,
        attempts=reason.attempts,
        late=reason.late,
    )


def _steps(run: Run) -> list[StepOut]:
    states = States(run)
    found = sorted(states.state["steps"].items(), key=lambda pair: pair[1]["entry"])
    return [_step(run, states, path) for path, one in found if _counts(states, one)]


def _counts(states: States, one: dict[str, Any]) -> bool:
    """A start, and the end of a branch alone, are no steps to a reader."""
    program = shelf[states.state["contexts"][one["ctx"]]["program"]]
    step = program.steps[one["step"]]
    return not isinstance(step, Start) and not (isinstance(step, End) and not step.final)


def _step(run: Run, states: States, path: str) -> StepOut:
    stand = states.at(path)
    return StepOut(
        entry=stand.entry or 0,
        path=path,
        title=said(service.title_of(run, path)),
        status=stand.status,
        answer=stand.answer or None,
        since=stand.since or run.started_at,
        ended_at=stand.ended,
    )
