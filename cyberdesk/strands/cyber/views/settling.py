"""The desk's page on which the kind of attack is settled."""

from flask import flash, redirect, render_template
from werkzeug.wrappers import Response

from cyberdesk.core.db import session
from cyberdesk.core.errors import RefusalError
from cyberdesk.core.text import _
from cyberdesk.core.web.acting import Answer, act
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.cases.views.door import address, reached
from cyberdesk.strands.cyber import service
from cyberdesk.strands.cyber.case_facts import triage_of
from cyberdesk.strands.cyber.forms import SettleForm
from cyberdesk.strands.cyber.panel import proposals
from cyberdesk.strands.cyber.views.door import STRAND, door


@door.both("/cases/<reference>/type", may="triage:settle", endpoint="settle")
def settle(reference: str) -> Answer:
    case = reached(reference)
    if case.strand != STRAND:
        return redirect(address(case))  # its own strand says what it is
    form = SettleForm(likely=[one["type"] for one in proposals(case)])
    if not form.is_submitted():
        _fill(form, case)
    return act(
        form,
        page=lambda refusal: _page(case, form, refusal),
        do=lambda: _settle(case, form),
        done=lambda begun: _settled(case, begun),
    )


def _settled(case: Case, begun: str | None) -> Response:
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


def _page(case: Case, form: SettleForm, refusal: RefusalError | None) -> str:
    if refusal is not None:
        session().refresh(case)
    return render_template(
        "cyber/settle.html", case=case, form=form, refusal=refusal, proposals=proposals(case)
    )
