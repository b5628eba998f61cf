"""Who else may see the case: links for the mayor, a colleague, the provider; taken back at will."""

from uuid import UUID

from flask import redirect, request, session, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from cyberdesk.core.errors import InvalidError
from cyberdesk.core.hygiene import clean
from cyberdesk.core.text import _
from cyberdesk.core.web.addresses import whole
from cyberdesk.core.web.forms import refuse_unknown
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.declarations import service
from cyberdesk.desk.declarations.space.door import door, opened, render
from cyberdesk.desk.declarations.views.door import kept_code, tell
from cyberdesk.desk.declarations.ways import role_in_words
from cyberdesk.desk.documents import qr_svg

_LONGEST_LABEL = 80
_FRESH = "fresh-link"


@door.both("/mon-dossier/<reference>/partage", may="declaration:share")
def people(reference: str) -> AnyResponse | str | tuple[str, int]:
    found = opened(reference)
    if request.method == "GET":
        return _page(found)
    refuse_unknown({"role", "label"})
    label = clean(request.form.get("label", "")).text.strip()[:_LONGEST_LABEL]
    try:
        issued = service.share(actor(), found, role=request.form.get("role", ""), label=label)
    except InvalidError as refusal:
        return _page(found, error=str(refusal.message)), refusal.status
    # Told once, on the next page, and kept nowhere else.
    session[_FRESH] = whole("declarations.enter", token=issued.token)
    return redirect(url_for("space.people", reference=reference), code=303)


@door.post("/mon-dossier/<reference>/partage/<uuid:way_id>/fin", may="declaration:share")
def end(reference: str, way_id: UUID) -> AnyResponse:
    found = opened(reference)
    refuse_unknown(set())
    service.end_share(actor(), found, way_id)
    tell(_("This link no longer opens anything."), "good")
    return redirect(url_for("space.people", reference=reference), code=303)


def _page(case: Case, *, error: str = "") -> str:
    fresh = session.pop(_FRESH, None)
    return render(
        "space/people.html",
        case,
        "space.people",
        ways=service.ways_of(actor(), case),
        roles=[(role, role_in_words(role)) for role in service.SHARED],
        own=actor().id,
        words=role_in_words,
        fresh=fresh,
        qr=Markup(qr_svg(fresh)) if fresh else "",  # noqa: S704  # drawn from shapes only
        code=kept_code(case.reference),
        error=error,
    )
