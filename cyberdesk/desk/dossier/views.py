"""The papers of a case on the desk."""

from uuid import UUID

from flask import Response

from cyberdesk.core.errors import NotFoundError
from cyberdesk.core.text import _
from cyberdesk.core.web.doors import Door
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases.views.door import reached
from cyberdesk.desk.dossier import service

door = Door("dossier", __name__, url_prefix="/desk", template_folder="templates")


@door.get("/cases/<reference>/dossier.pdf", may="case:desk", endpoint="dossier")
def dossier(reference: str) -> Response:
    case = reached(reference)
    return paper(service.print_dossier(actor(), case), f"dossier-{case.reference}")


@door.get("/cases/<reference>/letters/<uuid:ending_id>.pdf", may="case:desk", endpoint="letter")
def letter(reference: str, ending_id: UUID) -> Response:
    case = reached(reference)
    for ending in cases.endings(actor(), case):
        if ending.id == ending_id:
            name = f"lettre-{case.reference}"
            return paper(service.print_letter(actor(), case, ending), name)
    raise NotFoundError(_("This case has no letter yet."))


def paper(pdf: bytes, name: str) -> Response:
    """Answer with a PDF that a browser shows, and that no cache keeps."""
    response = Response(pdf, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    response.headers["Cache-Control"] = "no-store"
    return response
