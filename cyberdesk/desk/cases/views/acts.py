"""The pages of the acts on a case, and taking it from the queue."""

from flask import flash, redirect, render_template, request
from werkzeug.wrappers import Response

from cyberdesk.core.db import session
from cyberdesk.core.errors import RefusalError
from cyberdesk.core.text import _
from cyberdesk.core.web.acting import Answer, act
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.cases import service
from cyberdesk.desk.cases.acts import ACTS, Act
from cyberdesk.desk.cases.forms import BareForm, CaseForm
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.cases.pending import pending
from cyberdesk.desk.cases.views.door import address, door, reached
from cyberdesk.desk.cases.views.toasts import toast


@door.post("/cases/<reference>/take", may="case:take", endpoint="take")
def take(reference: str) -> Answer:
    """Take a case; in the queue its row is drawn anew in its place."""
    case, form = reached(reference), BareForm()
    if not form.accepted():
        return redirect(address(case))
    service.take(actor(), case)
    said = _("%(case)s is yours.", case=case.reference)
    if request.headers.get("HX-Request"):
        row = render_template("cases/_row.html", case=case, me=actor().id)
        return toast(row, said)
    flash(str(said), "success")
    return redirect(address(case))


def _open(one: Act) -> None:
    """Give an act its route, with the permission that it needs."""

    def view(reference: str) -> Answer:
        return _act(reached(reference), one)

    door.both(f"/cases/<reference>/do/{one.name}", may=one.may, endpoint=f"do_{one.name}")(view)


for _one in ACTS:
    _open(_one)


def _act(case: Case, one: Act) -> Answer:
    form = one.form(case)
    if not form.is_submitted():
        _begin(form)
    one.prepare(actor(), case, form)
    if not form.is_submitted():
        form.seen.data = str(case.version)
    return act(
        form,
        page=lambda refusal: _page(case, one, form, refusal),
        do=lambda: one.do(actor(), case, form),
        done=lambda _done: _done_with(case, one),
    )


def _done_with(case: Case, one: Act) -> Response:
    flash(str(one.done), "success")
    return redirect(address(case, one.tab))


def _begin(form: CaseForm) -> None:
    """Fill in what the link that leads here says already: `?other=CD-…`, `?outcome=…`."""
    for name in ("other", "outcome"):
        if name in form and name in request.args:
            form[name].data = request.args[name][:40]


def _page(case: Case, one: Act, form: CaseForm, refusal: RefusalError | None) -> str:
    if refusal is not None:  # nothing was written: what turned meanwhile has now been shown
        session().refresh(case)
        form.seen.data = str(case.version)
    closing = one.name == "close"
    return render_template(
        "cases/close.html" if closing else "cases/act.html",
        case=case,
        act=one,
        form=form,
        refusal=refusal,
        pending=pending(actor(), case) if closing else (),
    )
