"""A file of a case at the desk: what is known of it, its custody, its content as data."""

from uuid import UUID

from flask import Response, redirect, render_template, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from cyberdesk.core.files import serving
from cyberdesk.core.text import _
from cyberdesk.core.web.doors import Door
from cyberdesk.core.web.forms import refuse_unknown
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.evidence import service, uploads
from cyberdesk.desk.evidence.handing_in import LARGEST_AT_ONCE
from cyberdesk.desk.evidence.panel import listed
from cyberdesk.desk.evidence.uploads import chosen, tell, tell_result

door = Door("evidence", __name__, url_prefix="/desk", template_folder="templates")

# What the journal calls an act on a file, in words.
_ACTS = {
    "file:keep": _("handed in and sealed"),
    "file:read": _("read"),
    "file:verify": _("checked: it is what was handed in"),
    "file:damaged": _("checked: it is damaged"),
    "file:erase": _("erased"),
}


@door.post("/cases/<reference>/files", may="evidence:add", largest=LARGEST_AT_ONCE)
def add(reference: str) -> AnyResponse:
    refuse_unknown({"files"})
    tell_result(service.add(actor(), _case(reference), chosen()))
    return _back(reference)


@door.get("/cases/<reference>/files/<uuid:file_id>", may="evidence:read")
def show(reference: str, file_id: UUID) -> str:
    case = _case(reference)
    file = service.access_file(actor(), case, file_id)
    custody = service.custody(actor(), case, file)
    return render_template(
        "evidence/file.html",
        case=case,
        file=file,
        seen=listed(case, file),
        custody=[(act, _ACTS.get(act.action, act.action)) for act in custody],
        shown=serving.shown_inline(file),
    )


@door.get("/cases/<reference>/files/<uuid:file_id>/content", may="evidence:read")
def content(reference: str, file_id: UUID) -> Response:
    """Hand the content over as data; `?view=1` shows pictures and plain text in the browser."""
    file, pieces = service.read(actor(), _case(reference), file_id)
    return Response(pieces, headers=serving.headers(file, inline="view" in request.args))


@door.post("/cases/<reference>/files/<uuid:file_id>/verify", may="evidence:read")
def verify(reference: str, file_id: UUID) -> AnyResponse:
    refuse_unknown(set())
    if service.verify(actor(), _case(reference), file_id):
        tell(_("It is, byte for byte, what was handed in."), "good")
    else:
        tell(_("It is damaged: tell the people who keep the backups."), "critical")
    return redirect(url_for("evidence.show", reference=reference, file_id=file_id), code=303)


@door.errorhandler(413)
def too_large(_error: RequestEntityTooLarge) -> AnyResponse:
    reference = (request.view_args or {}).get("reference", "")
    return uploads.too_large("evidence.add", lambda: _back(reference))


def _case(reference: str) -> Case:
    return cases.access_case(actor(), reference)


def _back(reference: str) -> AnyResponse:
    return redirect(url_for("cases.tab", reference=reference, tab="files"), code=303)
