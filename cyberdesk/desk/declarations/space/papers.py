"""What the commune prints of its case: the letter that ended it, and its dossier."""

from flask import Response

from cyberdesk.core.errors import NotFoundError
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.cases.service.sides import narrow
from cyberdesk.desk.declarations.space.door import door, opened
from cyberdesk.desk.dossier import service
from cyberdesk.desk.dossier.views import paper


@door.get("/mon-dossier/<reference>/dossier.pdf", may="dossier:print")
def dossier(reference: str) -> Response:
    found = opened(reference)
    if narrow(actor(), found):
        raise NotFoundError
    return paper(service.print_dossier(actor(), found), f"dossier-{found.reference}")


@door.get("/mon-dossier/<reference>/lettre.pdf", may="dossier:print")
def letter(reference: str) -> Response:
    found = opened(reference)
    ending = service.last_ending(actor(), found)
    return paper(service.print_letter(actor(), found, ending), f"lettre-{found.reference}")
