"""Writing to the commune, and noting for the desk."""

from flask import flash, redirect, render_template
from werkzeug.wrappers import Response

from cyberdesk.core.text import _
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.cases import service
from cyberdesk.desk.cases.forms import BareForm, MessageForm, NoteForm
from cyberdesk.desk.cases.views.door import address, door, reached


@door.post("/cases/<reference>/messages", may="case:write", endpoint="write")
def write(reference: str) -> Response | tuple[str, int]:
    case, form = reached(reference), MessageForm()
    if not form.accepted():
        return render_template("cases/write.html", case=case, form=form, note=False), 422
    service.write(actor(), case, body=form.body.data, shared_with=form.shared_with())
    flash(str(_("Sent. The commune finds it on its page.")), "success")
    return redirect(address(case, "messages"))


@door.post("/cases/<reference>/notes", may="case:note", endpoint="note")
def note(reference: str) -> Response | tuple[str, int]:
    case, form = reached(reference), NoteForm()
    if not form.accepted():
        return render_template("cases/write.html", case=case, form=form, note=True), 422
    service.add_note(actor(), case, body=form.body.data)
    return redirect(address(case, "messages"))


@door.post("/cases/<reference>/acknowledge", may="case:write", endpoint="acknowledge")
def acknowledge(reference: str) -> Response:
    case, form = reached(reference), BareForm()
    if form.accepted():
        service.acknowledge(actor(), case)
    return redirect(address(case, "messages"))
