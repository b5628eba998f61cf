"""Telling of something suspect: an address, a mail, a file. It becomes a message to the desk,
which proposes to its responders what stands in it; nothing counts before one of them confirms it.
"""

from collections.abc import Mapping

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from cyberdesk.core.errors import InvalidError
from cyberdesk.core.hygiene import clean
from cyberdesk.core.text import Text, _
from cyberdesk.core.web.forms import refuse_unknown
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.declarations.space.door import door, opened, render
from cyberdesk.desk.declarations.views.door import tell

_KINDS: Mapping[str, Text] = {
    "mail": _("A message: mail, text message"),
    "address": _("A web address, a site, a link"),
    "file": _("A file, a programme"),
    "account": _("An account or a name that nobody knows"),
    "other": _("Something else"),
}
_LONGEST_WHEN = 120


@door.both("/mon-dossier/<reference>/signaler", may="case:write")
def suspect(reference: str) -> AnyResponse | str | tuple[str, int]:
    found = opened(reference)
    if request.method == "GET":
        return _page(found)
    refuse_unknown({"kind", "what", "when"})
    typed = clean(request.form.get("what", ""))
    try:
        cases.write(actor(), found, body=_told(typed.text))
    except InvalidError as refusal:
        return _page(found, refusal), refusal.status
    tell(_("Thank you. A responder looks at it. Do not open it again, and keep it."), "good")
    return redirect(url_for("space.thread", reference=reference) + "#last", code=303)


def _told(what: str) -> str:
    """Return the message. Raises InvalidError while nothing is said."""
    if not what.strip():
        words = _("Copy here what you saw: the address, the name, the text of the message.")
        raise InvalidError(_("Something is missing."), fields={"what": [words]})
    kind = _KINDS.get(request.form.get("kind", ""), _KINDS["other"])
    when = clean(request.form.get("when", "")).text.strip()[:_LONGEST_WHEN]
    lines = [str(_("Suspect: %(kind)s", kind=kind))]
    lines += [str(_("Seen: %(when)s", when=when))] if when else []
    return "\n".join([*lines, "", what.strip()])


def _page(case: Case, refusal: InvalidError | None = None) -> str:
    """Draw the form, with what was typed when it came back."""
    wrong = next(iter(refusal.fields.values()))[0] if refusal and refusal.fields else None
    return render(
        "space/suspect.html",
        case,
        "space.thread",
        kinds=[{"value": value, "label": label} for value, label in _KINDS.items()],
        given={name: request.form.get(name, "") for name in ("kind", "what", "when")},
        error=wrong,
    )
