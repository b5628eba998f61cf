"""Whose case it is."""

from uuid import UUID

from cyberdesk.core.access import Actor
from cyberdesk.core.text import _
from cyberdesk.core.web.forms import choices
from cyberdesk.desk.cases import service
from cyberdesk.desk.cases.acts.act import Act
from cyberdesk.desk.cases.forms import HandOverForm, ReasonForm
from cyberdesk.desk.cases.models import Case


def _colleagues(actor: Actor, case: Case, form: HandOverForm) -> None:
    away, lead = case.owner_id or actor.id, _("lead")
    form.to.choices = choices(
        (str(one.id), f"{one.name} · {lead}" if one.lead else one.name)
        for one in service.team(case.strand)
        if one.id != away
    )


def _hand_over(actor: Actor, case: Case, form: HandOverForm) -> None:
    to, words = UUID(form.to.data), form.note.data or ""
    service.hand_over(actor, case, to=to, note_to=words, seen=form.seen_version())


def _release(actor: Actor, case: Case, form: ReasonForm) -> None:
    service.release(actor, case, reason=form.reason.data or "", seen=form.seen_version())


def _escalate(actor: Actor, case: Case, form: ReasonForm) -> None:
    service.escalate(actor, case, reason=form.reason.data or "", seen=form.seen_version())


def _answer(actor: Actor, case: Case, form: ReasonForm) -> None:
    service.answer_escalation(actor, case, answer=form.reason.data or "")


ACTS = (
    Act(
        name="hand-over",
        title=_("Hand over"),
        explained=_("The case becomes theirs at once, with your note."),
        button=_("Hand over"),
        done=_("The case is handed over."),
        icon="arrow-forward",
        may="case:hand-over",
        form=lambda _case: HandOverForm(),
        do=_hand_over,
        prepare=_colleagues,
        order=20,
    ),
    Act(
        name="release",
        title=_("Put back into the queue"),
        explained=_("Nobody has the case any more; it moves up until somebody takes it."),
        button=_("Put it back"),
        done=_("The case is back in the queue."),
        icon="inbox",
        may="case:release",
        form=lambda _case: ReasonForm(),
        do=_release,
        shown=lambda case: case.is_open and case.owner_id is not None,
        order=25,
    ),
    Act(
        name="escalate",
        title=_("Call for the lead"),
        explained=_("The case stays with its owner and moves up until a lead has answered."),
        button=_("Call for the lead"),
        done=_("The lead is called for."),
        icon="speakerphone",
        may="case:escalate",
        form=lambda _case: ReasonForm(),
        do=_escalate,
        shown=lambda case: case.is_open and case.escalated_at is None,
        order=30,
    ),
    Act(
        name="answer-escalation",
        title=_("Answer the call for the lead"),
        explained=_("Say what is decided; the case goes back to its ordinary place."),
        button=_("Answer"),
        done=_("Answered."),
        icon="check",
        may="case:lead",
        form=lambda _case: ReasonForm(),
        do=_answer,
        shown=lambda case: case.is_open and case.escalated_at is not None,
        order=5,
        main=True,
    ),
)
