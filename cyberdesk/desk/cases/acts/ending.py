"""Closing a case and opening it again."""

from cyberdesk.core.access import Actor
from cyberdesk.core.text import _
from cyberdesk.desk.cases import service
from cyberdesk.desk.cases.acts.act import Act
from cyberdesk.desk.cases.forms import CloseForm, ReasonForm, close_form
from cyberdesk.desk.cases.letter import draft
from cyberdesk.desk.cases.models import Case


def _endings(_actor: Actor, case: Case, form: CloseForm) -> None:
    form.offer(case.strand)
    if not form.is_submitted():
        found = draft(case, form.outcome.data)
        form.outcome.data, form.determination.data = found.outcome, found.determination
        form.letter.data = found.letter


def _close(actor: Actor, case: Case, form: CloseForm) -> None:
    service.close_case(
        actor,
        case,
        outcome=form.outcome.data or "",
        determination=form.determination.data or "",
        letter=form.letter.data or "",
        causes=form.causes.data or (),
        damages=form.damages(),
        cause=form.cause.data or "",
        damage=form.damage.data or "",
        lessons=form.lessons.data or "",
        seen=form.seen_version(),
    )


def _reopen(actor: Actor, case: Case, form: ReasonForm) -> None:
    service.reopen_case(actor, case, reason=form.reason.data or "")


ACTS = (
    Act(
        name="close",
        title=_("Close the case"),
        explained=_("What was found is kept with the case; the letter goes to the commune."),
        button=_("Close the case"),
        done=_("The case is closed."),
        icon="ok",
        may="case:close",
        form=lambda case: close_form(case.strand)(),
        do=_close,
        prepare=_endings,
        order=80,
    ),
    Act(
        name="reopen",
        title=_("Reopen the case"),
        explained=_("Its ending stays with it; the case takes its place in the queue again."),
        button=_("Reopen"),
        done=_("The case is open again."),
        icon="refresh",
        may="case:reopen",
        form=lambda _case: ReasonForm(),
        do=_reopen,
        shown=lambda case: not case.is_open and case.duplicate_of_id is None,
        order=5,
        main=True,
    ),
)
