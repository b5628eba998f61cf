"""Where a case stands, in plain words."""

from flask import redirect, render_template, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from cyberdesk.core.access import Actor
from cyberdesk.core.db import session
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.declarations.space.door import door, opened

_MOST_CASES = 50


@door.get("/mon-dossier", may="case:read")
def home() -> AnyResponse | str:
    """Lead to the one case, or let a commune with several choose."""
    found = _cases(actor())
    if len(found) == 1:
        return redirect(url_for("space.case", reference=found[0].reference))
    return render_template("space/cases.html", cases=found)


@door.get("/mon-dossier/<reference>", may="case:read")
def case(reference: str) -> str:
    found = opened(reference)
    return render_template(
        "space/case.html",
        case=found,
        lines=cases.timeline(actor(), found)[-8:][::-1],
        unread=cases.unread(actor(), found),
    )


def _cases(reader: Actor) -> list[Case]:
    """Return the cases of the reader's own link or organisation, newest first."""
    reach = reader.scope
    own = Case.id.in_(reach.cases) | Case.organisation_id.in_(reach.organisations)
    wanted = select(Case).where(own).order_by(Case.opened_at.desc()).limit(_MOST_CASES)
    return [one for one in session().scalars(wanted) if reader.may("case:read", one.place())]
