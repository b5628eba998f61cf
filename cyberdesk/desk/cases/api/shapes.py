"""What the API says of a case. What is the desk's own stands under `desk`, null for all others."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from cyberdesk.core.access import Actor
from cyberdesk.core.web.api import Output, Said, said
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.cases.service.sides import narrow
from cyberdesk.desk.cases.service.telling import on_the_desk


class OrganisationBrief(Output):
    """The victim."""

    id: UUID
    kind: str = Field(examples=["commune"])
    code: str | None = Field(description="INSEE code of a commune.", examples=["83901"])
    name: str = Field(examples=["Saint-Exemple"])


class Owner(Output):
    """Whose case it is."""

    id: UUID
    name: str = Field(examples=["Camille Roux"])


class RankReason(Output):
    """Why the case stands where it does."""

    code: str = Field(examples=["untaken"])
    points: int = Field(description="Negative: less pressing.", examples=[300])


class Override(Output):
    """A severity that a person set, beside the computed one."""

    by: str
    at: datetime
    reason: str | None = Field(description="Told where one case is read, not in lists.")


class DeskView(Output):
    """What only those who work on the desk see."""

    owner: Owner | None = Field(description="Null: nobody has taken it.")
    rank: int = Field(description="Place in the queue; the highest is worst.", examples=[1690])
    reasons: list[RankReason]
    computed_level: int
    computed_severity: int
    override: Override | None
    escalated_at: datetime | None = Field(description="The lead is called for since.")
    wrote_at: datetime | None = Field(description="Oldest message that the desk has not read.")


class CaseOut(Output):
    """A case."""

    id: UUID
    reference: str = Field(description="To be spoken.", examples=["CD-7K4-92M"])
    version: int = Field(description="Give it as `seen` when you decide on what you read.")
    strand: str = Field(examples=["cyber"])
    kind: str = Field(examples=["incident"])
    subject: str | None = Field(description="The strand's type.", examples=["ransomware"])
    rsit: str | None = Field(
        description="Class and type of the Reference Security Incident Taxonomy.",
        examples=["malicious-code/infected-system"],
    )
    title: Said
    organisation: OrganisationBrief
    state: str = Field(description="open or closed.", examples=["open"])
    outcome: str | None
    exercise: bool
    level: int = Field(ge=1, le=4, description="1 watch, 2 serious, 3 severe, 4 critical.")
    severity: int = Field(ge=0, le=100)
    severity_why: Said | None = Field(description="In words; null for an outside provider.")
    waits_on: str | None = Field(examples=["commune"])
    waits_since: datetime | None
    next_due_at: datetime | None
    next_due: Said | None = Field(description="What is due then.")
    duplicate_of: UUID | None
    opened_at: datetime
    taken_at: datetime | None
    closed_at: datetime | None
    changed_at: datetime = Field(description="Last change of any kind.")
    desk: DeskView | None


def case_out(actor: Actor, case: Case, *, whole: bool = True) -> CaseOut:
    """Return `case` as `actor` may see it; what has to be unsealed only when it is `whole`."""
    part = narrow(actor, case)
    return CaseOut(
        id=case.id,
        reference=case.reference,
        version=case.version,
        strand=case.strand,
        kind=case.kind,
        subject=case.subject,
        rsit=case.rsit,
        title=said(case.title),
        organisation=OrganisationBrief.model_validate(case.organisation),
        state=case.state,
        outcome=case.outcome,
        exercise=case.exercise,
        level=case.level,
        severity=case.severity,
        severity_why=None if part or not case.severity_why else said(case.severity_why),
        waits_on=case.waits_on,
        waits_since=case.waits_since,
        next_due_at=case.next_due_at,
        next_due=said(case.next_due_what) if case.next_due_what else None,
        duplicate_of=case.duplicate_of_id,
        opened_at=case.opened_at,
        taken_at=case.taken_at,
        closed_at=case.closed_at,
        changed_at=case.moved_at,
        desk=_desk(case, whole=whole) if on_the_desk(actor, case) else None,
    )


def _desk(case: Case, *, whole: bool) -> DeskView:
    reasons = case.rank_why.get("reasons", []) if case.is_open else []
    return DeskView(
        owner=Owner(id=case.owner_id, name=case.owner_name or "") if case.owner_id else None,
        rank=case.rank,
        reasons=[RankReason(code=one["code"], points=one["points"]) for one in reasons],
        computed_level=case.computed_level,
        computed_severity=case.computed_severity,
        override=_override(case, whole=whole),
        escalated_at=case.escalated_at,
        wrote_at=case.wrote_at,
    )


def _override(case: Case, *, whole: bool) -> Override | None:
    if case.overridden_at is None:
        return None
    by, reason = case.overridden_by or "", case.override_reason if whole else None
    return Override(by=by, at=case.overridden_at, reason=reason)
