"""Files of a case: handed in by the commune or its provider, and read by them again."""

from typing import Any
from uuid import UUID

from flask import Response, redirect, render_template, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from cyberdesk.core.files import serving
from cyberdesk.core.web.forms import refuse_unknown
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.declarations import service
from cyberdesk.desk.declarations.space.door import door, opened, render
from cyberdesk.desk.declarations.views.attaching import shown
from cyberdesk.desk.evidence import uploads
from cyberdesk.desk.evidence.handing_in import LARGEST_AT_ONCE
from cyberdesk.desk.evidence.uploads import chosen, tell_result


@door.get("/mon-dossier/<reference>/fichiers", may="case:read")
def files(reference: str) -> str:
    found = opened(reference)
    return render("space/files.html", found, "space.files", files=_kept(found))


def part(case: Case) -> str:
    """Draw the list of what was handed in."""
    return render_template("space/_files.html", files=_kept(case))


def _kept(case: Case) -> list[dict[str, Any]]:
    return [
        shown(file) | {"href": url_for("space.file", reference=case.reference, file_id=file.id)}
        for file in service.files_of_case(actor(), case)
    ]


@door.post("/mon-dossier/<reference>/fichiers", may="case:attach", largest=LARGEST_AT_ONCE)
def attach(reference: str) -> AnyResponse:
    refuse_unknown({"files"})
    tell_result(service.attach_to_case(actor(), opened(reference), chosen()))
    return redirect(url_for("space.files", reference=reference), code=303)


@door.get("/mon-dossier/<reference>/fichiers/<uuid:file_id>", may="case:read")
def file(reference: str, file_id: UUID) -> Response:
    kept, pieces = service.open_file(actor(), opened(reference), file_id)
    return Response(pieces, headers=serving.headers(kept, inline=True))


@door.errorhandler(413)
def too_large(_error: RequestEntityTooLarge) -> AnyResponse:
    reference = (request.view_args or {}).get("reference", "")
    there = url_for("space.files", reference=reference)
    return uploads.too_large("space.attach", lambda: redirect(there, code=303))
