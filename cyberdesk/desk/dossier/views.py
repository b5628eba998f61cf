"""The papers of a case on the desk."""

from flask import Response, request

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


@door.get("/cases/<reference>/letter.pdf", may="case:desk", endpoint="letter")
def letter(reference: str) -> Response:
    """The last letter of the case, or that of the ending which `of` names."""
    case, wanted = reached(reference), request.args.get("of")
    for ending in cases.endings(actor(), case):
        if wanted in {None, str(ending.id)}:
            return paper(service.print_letter(actor(), case, ending), f"lettre-{case.reference}")
    raise NotFoundError(_("This case has no letter yet."))


def paper(pdf: bytes, name: str) -> Response:
    """Answer with a PDF that a browser shows, and that no cache keeps."""
    response = Response(pdf, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    response.headers["Cache-Control"] = "no-store"
    return response
