"""Coming back: by the private link, or from any telephone with the reference and the code."""

from datetime import timedelta

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from cyberdesk.core.access import PUBLIC
from cyberdesk.core.text import _
from cyberdesk.core.web.forms import refuse_unknown
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.declarations import service, ways
from cyberdesk.desk.declarations.intake import intake_of
from cyberdesk.desk.declarations.models import DRAFT, Declaration
from cyberdesk.desk.declarations.views.door import (
    STRAND,
    door,
    give_way,
    keep_code,
    mine,
    stay_signed,
    take_way,
    tell,
    visitor,
)
from cyberdesk.desk.declarations.views.door import token as held_token


@door.both("/reprendre", may=PUBLIC)
def back() -> AnyResponse | str | tuple[str, int]:
    stay_signed()
    if request.method == "GET":
        return _page(request.args.get("reference", "")[:20])
    refuse_unknown({"reference", "code"})
    reference = request.form.get("reference", "")[:40]
    found = service.come_back(
        visitor(), reference=reference, code=request.form.get("code", "")[:40]
    )
    if found.token is None:
        # Rendered, not raised: a try that is rolled back would not be counted.
        return _page(reference, wait=found.wait, wrong=True), 429 if found.wait else 422
    return give_way(redirect(url_for("declarations.follow"), code=303), found.token)


@door.both("/d/<token>", may=PUBLIC)
def enter(token: str) -> AnyResponse | str:
    """Exchange a private link for a cookie, so that its token leaves the address at once.

    Where another declaration is open already, one is asked first: a link that somebody sent must
    not make a person go on typing in a declaration that is not theirs.
    """
    if ways.actor_of(token) is None:
        said = _("This link has ended or was taken back. Your reference and code still work.")
        tell(said, "info")
        return redirect(url_for("declarations.back"), code=303)
    held = held_token()
    if request.method == "GET" and held not in {"", token} and ways.actor_of(held):
        return render_template("declarations/other.html", token=token, under_way=mine())
    return give_way(redirect(url_for("declarations.follow"), code=303), token)


@door.get("/declarer/suite", may=PUBLIC)
def follow() -> AnyResponse:
    """Lead to where this person left off: the next screen, or their space."""
    declaration = mine()
    if declaration is None and not actor().scope.cases:
        return redirect(url_for("declarations.back"), code=303)
    if declaration is None or declaration.state != DRAFT:
        return redirect(url_for("space.home"), code=303)
    return redirect(_where(declaration), code=303)


@door.post("/declarer/code", may="declaration:share")
def new_code() -> AnyResponse:
    """Give a new code, for whoever has lost the paper."""
    refuse_unknown(set())
    declaration = service.access_declaration(actor())
    keep_code(declaration.reference, service.new_code_for(actor(), declaration))
    tell(_("Here is your new code. The old one no longer works."), "good")
    if declaration.case_id is not None:
        return redirect(url_for("space.people", reference=declaration.reference), code=303)
    return redirect(url_for("declarations.follow"), code=303)


@door.post("/quitter", may=PUBLIC)
def leave() -> AnyResponse:
    """Forget the link on this device: nothing is lost, the way back stays open."""
    refuse_unknown(set())
    said = _("This device no longer opens your declaration. Come back with reference and code.")
    tell(said, "info")
    answer = take_way(redirect(url_for("declarations.back"), code=303))
    answer.headers["Clear-Site-Data"] = '"storage"'  # what was typed and not sent
    return answer


def _where(declaration: Declaration) -> str:
    form = service.form_of(declaration)
    page = form.next_page(declaration.answers)
    if page is None:
        return url_for("declarations.review")
    return url_for("declarations.screen", page=page)


def _page(reference: str, *, wait: timedelta = timedelta(), wrong: bool = False) -> str:
    return render_template(
        "declarations/back.html",
        reference=reference,
        under_way=mine(),
        seconds=int(wait.total_seconds()) + 1 if wait else 0,
        wrong=wrong,
        calls=[call for call in intake_of(STRAND).calls({}) if call.number][:1],
    )
