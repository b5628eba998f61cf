"""Photos and files of a draft."""

from typing import Any
from uuid import UUID

from flask import redirect, render_template, url_for
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from cyberdesk.core.access import PUBLIC
from cyberdesk.core.files.models import StoredFile
from cyberdesk.core.web.forms import refuse_unknown
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.declarations import service
from cyberdesk.desk.declarations.models import DRAFT
from cyberdesk.desk.declarations.views.door import door, mine, stay_signed
from cyberdesk.desk.evidence import uploads
from cyberdesk.desk.evidence.handing_in import LARGEST_AT_ONCE
from cyberdesk.desk.evidence.uploads import chosen, tell_result


@door.get("/declarer/fichiers", may=PUBLIC)
def files() -> AnyResponse | str:
    declaration = mine()
    if declaration is None:
        return redirect(url_for("declarations.back"))
    if declaration.state != DRAFT:
        return redirect(url_for("space.files", reference=declaration.reference))
    stay_signed()
    return render_template(
        "declarations/files.html",
        declaration=declaration,
        files=[shown(file) for file in service.files_of_declaration(actor(), declaration)],
    )


@door.post("/declarer/fichiers", may="declaration:attach", largest=LARGEST_AT_ONCE)
def attach() -> AnyResponse:
    refuse_unknown({"files"})
    declaration = service.access_declaration(actor())
    tell_result(service.attach(actor(), declaration, chosen()))
    return redirect(url_for("declarations.files"), code=303)


@door.post("/declarer/fichiers/<uuid:file_id>/retirer", may="declaration:attach")
def detach(file_id: UUID) -> AnyResponse:
    refuse_unknown(set())
    service.detach(actor(), service.access_declaration(actor()), file_id)
    return redirect(url_for("declarations.files"), code=303)


@door.errorhandler(413)
def too_large(_error: RequestEntityTooLarge) -> AnyResponse:
    """Say what fits, on the page that the file was sent from; what was sent before is kept."""
    there = url_for("declarations.files")
    return uploads.too_large("declarations.attach", lambda: redirect(there, code=303))


def shown(file: StoredFile) -> dict[str, Any]:
    """Return a file as the list draws it."""
    picture = file.media_type.startswith("image/")
    return {
        "id": file.id,
        "name": file.label,
        "size": file.size,
        "kind": file.media_type,
        "at": file.created_at,
        "icon": "photo" if picture else "file",
        "href": None,
    }
