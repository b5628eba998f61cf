"""The sheet to print or copy out, as PDF."""

from flask import Response, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from cyberdesk.core.access import PUBLIC, throttle
from cyberdesk.core.access.throttle import Limit
from cyberdesk.core.text import language
from cyberdesk.core.web.addresses import whole
from cyberdesk.desk.declarations import sheet
from cyberdesk.desk.declarations.views.door import door, kept_code, mine

# A page of paper costs a third of a second of work: nobody prints it all day long.
_SHEETS = Limit("declaration:sheet", burst=10, every=5)


@door.get("/declarer/fiche.pdf", may=PUBLIC)
def paper() -> AnyResponse:
    declaration = mine()
    if declaration is None:
        return redirect(url_for("declarations.back"))
    throttle.slow_down(_SHEETS, str(declaration.id))
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
