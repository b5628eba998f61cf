"""Writing with the responder: one thread, kept, read by the people of the case alone."""

from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from cyberdesk.core.access import Actor
from cyberdesk.core.errors import InvalidError
from cyberdesk.core.hygiene import clean
from cyberdesk.core.text import _
from cyberdesk.core.web.forms import refuse_unknown
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases.models import Case, CaseMessage
from cyberdesk.desk.cases.service.sides import DESK, READERS, narrow
from cyberdesk.desk.declarations import service
from cyberdesk.desk.declarations.space.door import door, opened, render
from cyberdesk.desk.declarations.views.door import tell


@door.both("/mon-dossier/<reference>/messages", may="case:write")
def thread(reference: str) -> AnyResponse | str | tuple[str, int]:
    found = opened(reference)
    if request.method == "GET":
        cases.mark_read(actor(), found)
        return _page(found)
    refuse_unknown({"body", *READERS})
    typed = clean(request.form.get("body", ""))
    try:
        cases.write(actor(), found, body=typed.text, shared_with=_chosen())
    except InvalidError as refusal:
        said = next(iter(refusal.fields.values()))[0]
        return _page(found, typed=typed.text, error=said), refusal.status
    if typed.hidden:
        tell(
            _("Invisible characters were taken out of your text. Check that it says it all."),
            "serious",
        )
    return redirect(url_for("space.thread", reference=reference) + "#last", code=303)


def _chosen() -> list[str]:
    return [name for name in READERS if request.form.get(name)]


def _offered(case: Case) -> dict[str, Any]:
    """Return who else could read a message: those to whom the case was opened in part."""
    if narrow(actor(), case):
        return {}
    held = service.readers_in_part(actor(), case)
    return {name: said for name, said in READERS.items() if name in held}


def part(case: Case) -> str:
    """Draw the thread alone: an open page has read it."""
    cases.mark_read(actor(), case)
    return render_template("space/_thread.html", messages=_messages(case), case=case)


def _page(case: Case, *, typed: str = "", error: Any = None) -> str:
    messages = _messages(case)
    return render(
        "space/thread.html",
        case,
        "space.thread",
        messages=messages,
        known=max((one["at"] for one in messages if one["mine"]), default=None),
        typed=typed,
        error=error,
        offered=_offered(case),
    )


def _messages(case: Case) -> list[dict[str, Any]]:
    me = actor()
    return [_shown(one, me) for one in cases.messages(me, case)]


def _shown(one: CaseMessage, me: Actor) -> dict[str, Any]:
    mine = one.author_kind == me.kind.value and one.author_id == me.id
    centre = one.side == DESK
    by = _("You") if mine else _("The centre") if centre else one.author_name
    also = [name for name in one.shared_with if name != one.side]
    return {"body": one.body, "by": by, "at": one.at, "also": also, "mine": mine}
