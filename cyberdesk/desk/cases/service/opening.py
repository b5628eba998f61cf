"""Opening a case, and taking in what triage found later."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from cyberdesk.core import clock
from cyberdesk.core.access import Actor
from cyberdesk.core.access.guard import allowed, require
from cyberdesk.core.access.models import Organisation
from cyberdesk.core.audit import record, recorded
from cyberdesk.core.db import kept, seeing, session
from cyberdesk.core.db.holding import hold_new
from cyberdesk.core.db.work import scope
from cyberdesk.core.errors import NotFoundError
from cyberdesk.core.events import events
from cyberdesk.core.ids import new_reference
from cyberdesk.core.text import Text, _, in_each
from cyberdesk.desk.cases.models import OPEN, Case
from cyberdesk.desk.cases.service.locking import lock
from cyberdesk.desk.cases.service.telling import tell
from cyberdesk.desk.cases.service.waiting import rerank


def open_case(
    actor: Actor,
    *,
    strand: str,
    kind: str,
    organisation_id: UUID,
    key_id: UUID,
    title: Text | Mapping[str, str],
    subject: str | None,
    rsit: str | None,
    severity: int,
    level: int,
    severity_why: Text | Mapping[str, str],
    declaration_id: UUID | None = None,
    reference: str | None = None,
    exercise: bool = False,
) -> Case:
    """Open a case for an organisation, put it in the queue, and tell `case:opened`.

    `key_id` is the data key that seals its content (a declaration hands its own over); `title` is
    generated from codes, never typed. The reference is drawn unless a declaration brings the one
    that its declarant already knows.
    """
    case = Case(
        key_id=key_id,
        reference=reference or new_reference(),
        strand=strand,
        kind=kind,
        subject=subject,
        rsit=rsit,
        title=_said(title),
        declaration_id=declaration_id,
        exercise=exercise,
        **_place(_organisation(organisation_id)),
        **_weight(severity, level, severity_why),
        **_beginning(),
    )
    require(actor, "case:open", case)
    _put_in_the_queue(actor, case)
    return case


@allowed("case:severity")
@recorded("case:triaged", about="case")
def retriage(
    actor: Actor,
    case: Case,
    *,
    severity: int,
    level: int,
    severity_why: Text | Mapping[str, str],
    subject: str | None = None,
    rsit: str | None = None,
    title: Text | Mapping[str, str] | None = None,
) -> Case:
    """Take in a newly computed severity; one that a person has set stays in force beside it."""
    lock(case)
    before = case.computed_severity, case.computed_level
    case.computed_severity, case.computed_level = severity, level
    case.severity_why = _said(severity_why)
    if case.overridden_at is None:
        case.severity, case.level = severity, level
    case.subject, case.rsit = subject or case.subject, rsit or case.rsit
    case.title = _said(title) if title else case.title
    rerank(case)
    if before != (severity, level):
        was = dict(zip(("severity", "level"), before, strict=True))
        facts = {"severity": severity, "level": level, "before": was}
        tell(actor, case, "case:triaged", facts=facts, desk_only=True)
    events.emit("case:triaged", case=case)
    return case


def _put_in_the_queue(actor: Actor, case: Case) -> None:
    # Whoever opens a case sees it for as long as that takes: a new row must meet its own policy.
    with seeing(scope().with_case(case.id)):
        session().add(case)
        hold_new(case)
        rerank(case)
        if not scope().system:
            session().flush()  # the policies of what follows look for the case
        record(actor, "case:open", case, {"level": case.level, "severity": case.severity})
        tell(actor, case, "case:opened", facts={"level": case.level, "severity": case.severity})
        events.emit("case:opened", case=case, actor=actor)


def _organisation(organisation_id: UUID) -> Organisation:
    found = kept(Organisation, organisation_id) or session().get(Organisation, organisation_id)
    if found is None:
        raise NotFoundError(_("This organisation is not in the directory."))
    return found


def _place(organisation: Organisation) -> dict[str, Any]:
    """Whose case it is, and where that is."""
    return {
        "organisation": organisation,
        "organisation_id": organisation.id,
        "department": department_of(organisation),
        "grouping_id": organisation.parent_id if organisation.kind == "commune" else None,
    }


def _weight(severity: int, level: int, why: Text | Mapping[str, str]) -> dict[str, Any]:
    """How grave it is: as computed, and that in force."""
    in_force = {"severity": severity, "level": level, "severity_why": _said(why)}
    return in_force | {"computed_severity": severity, "computed_level": level}


def _beginning() -> dict[str, Any]:
    now = clock.now()
    return {"state": OPEN, "dues": {}, "version": 1, "opened_at": now, "active_at": now}


def department_of(organisation: Organisation) -> str | None:
    """Return the département's code: said by the directory, or the head of an INSEE code."""
    given = organisation.facts.get("departement") if organisation.facts else None
    if given or organisation.kind != "commune" or not organisation.code:
        return str(given) if given else None
    overseas = organisation.code.startswith("97")
    return organisation.code[: 3 if overseas else 2]


def _said(text: Text | Mapping[str, str]) -> dict[str, str]:
    return in_each(text) if isinstance(text, Text) else dict(text)
