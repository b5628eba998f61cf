"""Starting another playbook on a case, chosen from the library."""

from http import HTTPStatus

from flask import flash, redirect, render_template
from werkzeug.wrappers import Response

from cyberdesk.core.access import require
from cyberdesk.core.db import session
from cyberdesk.core.db.work import doom
from cyberdesk.core.errors import ConflictError, InvalidError, NotFoundError, RefusalError
from cyberdesk.core.text import _, bilingual
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.playbooks import service
from cyberdesk.desk.playbooks.forms import StartForm
from cyberdesk.desk.playbooks.matching import ranked, why_it_fits
from cyberdesk.desk.playbooks.models import PlaybookVersion
from cyberdesk.desk.playbooks.versions import every_current
from cyberdesk.desk.playbooks.views.door import case_address, door


@door.both("/cases/<reference>/procedure/start", may="run:start", endpoint="start")
def start(reference: str) -> Response | str | tuple[str, int]:
    case = cases.access_case(actor(), reference)
    require(actor(), "case:desk", case)
    form, versions = StartForm(), every_current()
    form.playbook.choices = [(one.name, bilingual(one.title)) for one in _ordered(case, versions)]
    if not form.accepted():
        status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
        return _page(case, form, versions), status
    try:
        name, reason = form.playbook.data, form.reason.data or ""
        service.start_run(actor(), case, playbook=name, reason=reason)
        session().flush()
    except (InvalidError, ConflictError, NotFoundError) as refusal:
        doom()
        return _page(case, form, versions, refusal), refusal.status
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
    refusal: RefusalError | None = None,
) -> str:
    fits = {match.version.name for match in ranked(case, versions)}
    running = {run.name for run in service.runs_of(case) if run.is_open}
    return render_template(
        "playbooks/start.html",
        case=case,
        form=form,
        refusal=refusal,
        back=case_address(case.reference),
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
