"""What a case knows, and the page on which one fact of it is corrected."""

from http import HTTPStatus

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from cyberdesk.core.db import session
from cyberdesk.core.db.work import doom
from cyberdesk.core.errors import ConflictError, InvalidError, NotFoundError, RefusalError
from cyberdesk.core.text import _
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.cases.models import Case
from cyberdesk.strands.cyber import known, service
from cyberdesk.strands.cyber.forms import CorrectForm
from cyberdesk.strands.cyber.known import Known
from cyberdesk.strands.cyber.views.door import door, ours


@door.get("/cases/<reference>/facts", may="triage:read", endpoint="facts")
def facts(reference: str) -> str:
    case = ours(reference)
    return render_template("cyber/facts.html", case=case, facts=known.known(case))


@door.both("/cases/<reference>/facts/<fact>", may="fact:correct", endpoint="correct")
def correct(reference: str, fact: str) -> Response | str | tuple[str, int]:
    case = ours(reference)
    one, form = _found(case, fact), CorrectForm()
    form.offer(one)
    if not form.is_submitted():
        form.seen.data = one.said
    if not form.accepted():
        status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
        return _page(case, one, form), status
    said, reason, seen = form.said.data, form.reason.data or "", form.seen.data
    try:
        service.correct(actor(), case, fact=fact, said=said, reason=reason, seen=seen)
        session().flush()
    except (InvalidError, ConflictError) as refusal:
        return _again(case, fact, form, refusal)
    flash(str(_("Corrected. Deadlines and playbooks follow.")), "success")
    return redirect(url_for("cyber.facts", reference=case.reference))


def _found(case: Case, fact: str) -> Known:
    for one in known.known(case):
        if one.name == fact:
            return one
    raise NotFoundError(_("There is no such fact of this case."))


def _again(
    case: Case, fact: str, form: CorrectForm, refusal: InvalidError | ConflictError
) -> tuple[str, int]:
    """Show the form again with what was typed and what is wrong; nothing was written."""
    doom()
    if isinstance(refusal, InvalidError):
        form.blame(refusal)
    session().refresh(case)
    one = _found(case, fact)
    form.seen.data = one.said
    return _page(case, one, form, refusal), refusal.status


def _page(case: Case, one: Known, form: CorrectForm, refusal: RefusalError | None = None) -> str:
    return render_template(
        "cyber/correct.html",
        case=case,
        one=one,
        form=form,
        refusal=refusal,
        history=known.corrections_of(case, one.name),
        words=known.WORDS,
        duties=known.duties_on(one.name),
        playbooks=known.playbooks_on(case, one.name),
    )
