"""The sheet to print or copy out, as PDF."""

from flask import Response, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from cyberdesk.core.access import PUBLIC
from cyberdesk.core.text import language
from cyberdesk.core.web.addresses import whole
from cyberdesk.desk.declarations import sheet
from cyberdesk.desk.declarations.views.door import door, kept_code, mine


@door.get("/declarer/fiche.pdf", may=PUBLIC)
def paper() -> AnyResponse:
    declaration = mine()
    if declaration is None:
        return redirect(url_for("declarations.back"))
    back = whole("declarations.back", reference=declaration.reference)
    pdf = sheet.print_sheet(
        declaration,
        address=back,
        code=kept_code(declaration.reference) or None,
        language=language(),
    )
    name = f"{declaration.reference}.pdf"
    return Response(
        pdf,
        mimetype="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )
