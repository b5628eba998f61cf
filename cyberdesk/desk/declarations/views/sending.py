"""Reading it again, sending it, and what happens now."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from cyberdesk.core.access import PUBLIC
from cyberdesk.core.web.addresses import whole
from cyberdesk.core.web.forms import refuse_unknown
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.declarations import service
from cyberdesk.desk.declarations.intake import intake_of
from cyberdesk.desk.declarations.models import DRAFT
from cyberdesk.desk.declarations.promise import call_by
from cyberdesk.desk.declarations.views.attaching import shown
from cyberdesk.desk.declarations.views.door import door, kept_code, mine, stay_signed, token
from cyberdesk.desk.declarations.views.screens import gestures, new_advice


@door.both("/declarer/relire", may=PUBLIC)
def review() -> AnyResponse | str:
    """Show what will be sent, and send it. Sent twice, or from the page before, it is sent once."""
    declaration = mine(to_change=request.method == "POST")
    if declaration is None:
        return redirect(url_for("declarations.back"))
    if declaration.state != DRAFT:
        return redirect(url_for("declarations.thanks"), code=303)
    refuse_unknown(set())
    stay_signed()
    form = service.form_of(declaration)
    missing = form.missing(declaration.answers)
    if request.method == "POST" and not missing:
        service.send(actor(), declaration)
        return redirect(url_for("declarations.thanks"), code=303)
    after = request.args.get("after", "")
    return render_template(
        "declarations/review.html",
        declaration=declaration,
        pages=form.pages(declaration.answers),
        told=form.told(declaration.answers),
        missing=missing,
        files=[shown(one) for one in service.files_of_declaration(actor(), declaration)],
        fresh=gestures(new_advice(form, declaration, after)) if after else (),
        advice=gestures(form.advice(declaration.answers)),
    )


@door.get("/declarer/merci", may=PUBLIC)
def thanks() -> AnyResponse | str:
    declaration = mine()
    if declaration is None:
        return redirect(url_for("declarations.back"))
    if declaration.case is None:
        return redirect(url_for("declarations.review"))
    intake, form = intake_of(declaration.strand), service.form_of(declaration)
    return render_template(
        "declarations/thanks.html",
        declaration=declaration,
        case=declaration.case,
        code=kept_code(declaration.reference),
        link=whole("declarations.enter", token=token()),
        advice=gestures(intake.gestures(form, declaration.answers)),
        calls=[call for call in intake.calls(declaration.answers) if call.number],
        phone=intake.callback(declaration.answers),
        call_by=call_by(declaration.case),
    )
