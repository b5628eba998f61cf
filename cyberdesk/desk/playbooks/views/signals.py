"""Telling a run that what it waits for has come in: a report, a confirmation, a call."""

from uuid import UUID

from flask import flash, redirect, render_template
from werkzeug.wrappers import Response

from cyberdesk.core.errors import ConflictError, NotFoundError, RefusalError
from cyberdesk.core.text import _
from cyberdesk.core.web.acting import Answer, act
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.playbooks import service
from cyberdesk.desk.playbooks.forms import SignalForm, asking
from cyberdesk.desk.playbooks.models import Run
from cyberdesk.desk.playbooks.shown.signals import Signal, signals_of
from cyberdesk.desk.playbooks.shown.states import States
from cyberdesk.desk.playbooks.views.door import back_to, door, reached, step_address
from cyberdesk.desk.tasks.questions import read_answers


@door.both("/runs/<uuid:run_id>/signals/<name>", may="run:signal", endpoint="signal")
def signal(run_id: UUID, name: str) -> Answer:
    run = reached(run_id)
    one = _known(run, name)
    form = asking(SignalForm, one.questions)()
    form.once.data = form.once.data or one.once
    return act(
        form,
        page=lambda refusal: _page(run, one, form, refusal),
        do=lambda: _tell(run, one, form),
        done=lambda _new: _told(run),
    )


def _known(run: Run, name: str) -> Signal:
    for one in signals_of(States(run)):
        if one.name == name:
            return one
    raise NotFoundError(_("This run waits for no such thing."))


def _tell(run: Run, one: Signal, form: SignalForm) -> None:
    if one.over:
        raise ConflictError(
            _("This is waited for no longer: somebody, or time, was faster."),
            hint=_("Look at the playbook as it is now."),
        )
    values = read_answers(one.questions, form.values())
    payload = {field: values[variable] for variable, field in one.fields.items()}
    dedup, reason = f"desk:{form.once.data}", form.reason.data or ""
    service.signal(actor(), run, name=one.name, payload=payload, dedup=dedup, reason=reason)


def _told(run: Run) -> Response:
    flash(str(_("Noted. The playbook goes on when nothing else is missing.")), "success")
    return redirect(back_to(run))


def _page(run: Run, one: Signal, form: SignalForm, refusal: RefusalError | None) -> str:
    return render_template(
        "playbooks/signal.html",
        run=run,
        case=run.case,
        one=one,
        form=form,
        refusal=refusal,
        back=back_to(run),
        step_href=step_address(run, one.stand.entry) if one.stand.entry is not None else None,
    )
