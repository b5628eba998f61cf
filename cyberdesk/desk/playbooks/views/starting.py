"""Starting another playbook on a case, chosen from the library."""

from flask import flash, redirect, render_template, request
from werkzeug.wrappers import Response

from cyberdesk.core.access import require
from cyberdesk.core.errors import ConflictError, InvalidError, NotFoundError, RefusalError
from cyberdesk.core.text import _, bilingual
from cyberdesk.core.web.acting import Answer, act
from cyberdesk.core.web.forms import choices
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.playbooks import service
from cyberdesk.desk.playbooks.asking import questions_of
from cyberdesk.desk.playbooks.forms import StartForm, asking
from cyberdesk.desk.playbooks.matching import ranked, why_it_fits
from cyberdesk.desk.playbooks.models import PlaybookVersion, Run
from cyberdesk.desk.playbooks.shelf import shelf
from cyberdesk.desk.playbooks.versions import every_current
from cyberdesk.desk.playbooks.views.door import case_address, door
from cyberdesk.desk.tasks.questions import Question


@door.both("/cases/<reference>/procedure/start", may="run:start", endpoint="start")
def start(reference: str) -> Answer:
    case = cases.access_case(actor(), reference)
    require(actor(), "case:desk", case)
    versions = every_current()
    form = asking(StartForm, _questions(request.form.get("playbook"), versions))()
    titled = ((one.name, bilingual(one.title)) for one in _ordered(case, versions))
    form.playbook.choices = choices(titled)

    if form.questions and form.asked.data != form.playbook.data and form.playbook.validate(form):
        form.asked.data = form.playbook.data
        return _page(case, form, versions, None)  # it asks something first

    def begin() -> Run:
        name, reason = form.playbook.data, form.reason.data or ""
        return service.start_run(actor(), case, playbook=name, given=form.values(), reason=reason)

    return act(
        form,
        page=lambda refusal: _page(case, form, versions, refusal),
        do=begin,
        done=lambda _run: _begun(case),
        refused=(InvalidError, ConflictError, NotFoundError),
    )


def _questions(name: str | None, versions: list[PlaybookVersion]) -> dict[str, Question]:
    """Return what the playbook chosen asks of whoever starts it, in the language of the page."""
    found = next((one for one in versions if one.name == name), None)
    asked = questions_of(shelf[found.hash]) if found else {}
    return {
        name: {
            **one,
            "label": bilingual(one["label"]),
            "choices": {value: bilingual(text) or value for value, text in one["choices"].items()},
        }
        for name, one in asked.items()
    }


def _begun(case: Case) -> Response:
    flash(str(_("The playbook has begun.")), "success")
    return redirect(case_address(case.reference))


def _ordered(case: Case, versions: list[PlaybookVersion]) -> list[PlaybookVersion]:
    """Those that fit the case come first, the best one on top."""
    fitting = [match.version for match in ranked(case, versions)]
    return [*fitting, *(one for one in versions if one not in fitting)]


def _page(
    case: Case,
    form: StartForm,
    versions: list[PlaybookVersion],
    refusal: RefusalError | None,
) -> str:
    fits = {match.version.name for match in ranked(case, versions)}
    running = {run.name for run in service.runs_of(case) if run.is_open}
    return render_template(
        "playbooks/start.html",
        case=case,
        form=form,
        refusal=refusal,
        back=case_address(case.reference),
        asks=form.asked.data,
        choices=[_card(case, one, fits, running) for one in _ordered(case, versions)],
    )


def _card(
    case: Case, version: PlaybookVersion, fits: set[str], running: set[str]
) -> dict[str, str]:
    hints = []
    if version.name in running:
        hints.append(str(_("Under way on this case already.")))
    if version.name in fits:
        hints.append(bilingual(why_it_fits(case, version)))
    return {"value": version.name, "label": bilingual(version.title), "hint": " ".join(hints)}
