"""What a case knows, and the page on which one fact of it is corrected."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from cyberdesk.core.db import session
from cyberdesk.core.errors import NotFoundError, RefusalError
from cyberdesk.core.text import _
from cyberdesk.core.web.acting import Answer, act
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.cases.views.door import address, reached
from cyberdesk.strands.cyber import known, service
from cyberdesk.strands.cyber.forms import CorrectForm
from cyberdesk.strands.cyber.known import Known
from cyberdesk.strands.cyber.views.door import STRAND, door


@door.get("/cases/<reference>/facts", may="triage:read", endpoint="facts")
def facts(reference: str) -> Response | str:
    case = reached(reference)
    if case.strand != STRAND:
        return redirect(address(case))  # its own strand says what it knows
    return render_template("cyber/facts.html", case=case, facts=known.known(case))


@door.both("/cases/<reference>/facts/<fact>", may="fact:correct", endpoint="correct")
def correct(reference: str, fact: str) -> Answer:
    case = reached(reference)
    if case.strand != STRAND:
        return redirect(address(case))
    one, form = _found(case, fact), CorrectForm()
    form.offer(one)
    form.seen.data = form.seen.data or one.said
    return act(
        form,
        page=lambda refusal: _page(case, fact, form, refusal),
        do=lambda: service.correct(actor(), case, fact=fact, **form.given()),
        done=lambda _triage: _corrected(case),
    )


def _corrected(case: Case) -> Response:
    flash(str(_("Corrected. Severity, deadlines and playbooks follow.")), "success")
    return redirect(url_for("cyber.facts", reference=case.reference))


def _found(case: Case, fact: str) -> Known:
    for one in known.known(case):
        if one.name == fact:
            return one
    raise NotFoundError(_("There is no such fact of this case."))


def _page(case: Case, fact: str, form: CorrectForm, refusal: RefusalError | None) -> str:
    if refusal is not None:  # nothing was written; what was said meanwhile is shown
        session().refresh(case)
    one = _found(case, fact)
    form.seen.data = one.said if refusal else form.seen.data
    return render_template(
        "cyber/correct.html",
        case=case,
        one=one,
        form=form,
        refusal=refusal,
        history=known.corrections_of(case, fact),
        words=known.WORDS,
        duties=known.duties_on(fact),
        playbooks=known.playbooks_on(case, fact),
        severities=known.severities_on(case, one),
    )
