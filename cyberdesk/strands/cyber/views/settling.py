"""The desk's page on which the kind of attack is settled."""

from http import HTTPStatus

from flask import flash, redirect, render_template
from werkzeug.wrappers import Response

from cyberdesk.core.db import session
from cyberdesk.core.db.work import doom
from cyberdesk.core.errors import ConflictError, InvalidError, RefusalError
from cyberdesk.core.text import _
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.cases.views.door import address, reached
from cyberdesk.strands.cyber import service
from cyberdesk.strands.cyber.case_facts import triage_of
from cyberdesk.strands.cyber.forms import SettleForm
from cyberdesk.strands.cyber.panel import proposals
from cyberdesk.strands.cyber.views.door import door


@door.both("/cases/<reference>/type", may="triage:settle", endpoint="settle")
def settle(reference: str) -> Response | str | tuple[str, int]:
    case = reached(reference)
    if case.strand != "cyber":
        return redirect(address(case))  # its own strand says what it is
    form = SettleForm(likely=[one["type"] for one in proposals(case)])
    if not form.is_submitted():
        _fill(form, case)
    if not form.accepted():
        status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
        return _page(case, form), status
    try:
        begun = _settle(case, form)
        session().flush()
    except (InvalidError, ConflictError) as refusal:
        doom()
        if isinstance(refusal, InvalidError):
            form.blame(refusal)
        session().refresh(case)
        return _page(case, form, refusal), refusal.status
    said = _("Settled. The playbook begins: %(title)s", title=begun) if begun else _("Settled.")
    flash(str(said), "success")
    return redirect(address(case))


def _settle(case: Case, form: SettleForm) -> str | None:
    service.settle(
        actor(),
        case,
        kind=form.kind.data,
        rsit=form.rsit.data or "",
        reason=form.reason.data or "",
        seen=form.seen_version(),
    )
    if not form.follow.data:
        return None
    return service.follow(actor(), case, instead=form.instead.data)


def _fill(form: SettleForm, case: Case) -> None:
    found = triage_of(case)
    form.seen.data, form.kind.data = str(case.version), case.subject
    form.rsit.data = found.settled_rsit if found and found.settled_rsit else ""
    form.instead.data = True


def _page(case: Case, form: SettleForm, refusal: RefusalError | None = None) -> str:
    return render_template(
        "cyber/settle.html", case=case, form=form, refusal=refusal, proposals=proposals(case)
    )
