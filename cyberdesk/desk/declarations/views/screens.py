"""The screens of the questionnaire: shown, saved, and what to do at once said after each answer."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from cyberdesk.core.access import PUBLIC
from cyberdesk.core.errors import NotFoundError
from cyberdesk.core.hygiene import CleanedForm, clean_form
from cyberdesk.core.text import _
from cyberdesk.core.web.addresses import whole
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.declarations import service
from cyberdesk.desk.declarations.intake import Form, Gesture, Page
from cyberdesk.desk.declarations.models import DRAFT, Declaration
from cyberdesk.desk.declarations.views.door import (
    door,
    kept_code,
    mine,
    stay_signed,
    tell,
    token,
)

_OTHERS = {"csrf_token", "go"}  # fields that are not answers


@door.both("/declarer/etape/<page>", may=PUBLIC)
def screen(page: str) -> AnyResponse | str | tuple[str, int]:
    declaration = mine(to_change=request.method == "POST")
    if declaration is None:
        return redirect(url_for("declarations.back"))
    if declaration.state != DRAFT:
        return redirect(url_for("declarations.thanks"))
    stay_signed()
    form = service.form_of(declaration)
    shown = _shown(form, declaration, page)
    if request.method == "GET":
        return _page(declaration, form, shown, form.shown(page, declaration.answers))
    sent = _sent()
    saved = service.save(actor(), declaration, page, sent)
    _tell_hidden(saved.hidden)
    if not saved.ok:
        return _page(declaration, form, shown, sent.fields, errors=saved.reading.errors), 422
    return redirect(_next(form, declaration, page), code=303)


@door.post("/declarer/etape/<page>/brouillon", may=PUBLIC)
def autosave(page: str) -> Response | tuple[Response, int]:
    """Save while it is being typed; what cannot be read yet stays with the page."""
    declaration = mine(to_change=True)
    if declaration is None:
        raise NotFoundError(_("This declaration is not open on this device any more."))
    form = service.form_of(declaration)
    _shown(form, declaration, page)
    saved = service.save(actor(), declaration, page, _sent())
    advice = render_template("declarations/_gestures.html", advice=_advice(form, declaration))
    body = jsonify(
        saved_at=declaration.saved_at.isoformat(), errors=saved.reading.errors, advice=advice
    )
    return body if saved.ok else (body, 422)


def gestures(found: Sequence[Any]) -> list[dict[str, str]]:
    """Return advice as the components draw it."""
    return [
        {"icon": one.icon or ("check" if one.do else "hand"), "text": one.text, "detail": one.why}
        for one in found
    ]


def _shown(form: Form, declaration: Declaration, page: str) -> Page:
    """Return the screen, even one that other answers have made superfluous meanwhile."""
    try:
        return form.page(page, declaration.answers)
    except KeyError:
        raise NotFoundError from None


def _sent() -> CleanedForm:
    fields = {name: request.form.getlist(name) for name in request.form if name not in _OTHERS}
    return clean_form(fields)


def _next(form: Form, declaration: Declaration, page: str) -> str:
    if request.form.get("go") == "review":
        return url_for("declarations.review")
    following = _after(form.pages(declaration.answers), page)
    if following is None:
        return url_for("declarations.review", after=page)
    return url_for("declarations.screen", page=following, after=page)


def _after(pages: Sequence[Page], page: str) -> str | None:
    names = [one.name for one in pages]
    place = names.index(page) + 1 if page in names else 0
    return names[place] if place < len(names) else None


def _page(
    declaration: Declaration,
    form: Form,
    page: Page,
    values: Mapping[str, Sequence[str]],
    *,
    errors: Mapping[str, str] | None = None,
) -> str:
    pages = form.pages(declaration.answers)
    after = request.args.get("after", "")
    fresh = new_advice(form, declaration, after) if after and not errors else ()
    return render_template(
        "declarations/screen.html",
        declaration=declaration,
        page=page,
        pages=pages,
        before=_before(pages, page.name),
        values=values,
        errors=errors or {},
        fresh=gestures(fresh),
        advice=_advice(form, declaration),
        code=kept_code(declaration.reference),
        link=whole("declarations.enter", token=token()),
        sendable=not [one for one in form.missing(declaration.answers) if one.page != page.name],
    )


def new_advice(form: Form, declaration: Declaration, page: str) -> Sequence[Gesture]:
    """Return what the answers of `page` bring that no page before it had said already."""
    answers = declaration.answers
    names = [one.name for one in form.pages(answers)]
    before = names[: names.index(page)] if page in names else []
    said = {one.name for name in before for one in form.advice(answers, page=name)}
    return [one for one in form.advice(answers, page=page) if one.name not in said]


def _advice(form: Form, declaration: Declaration) -> list[dict[str, str]]:
    return gestures(form.advice(declaration.answers))


def _before(pages: Sequence[Page], name: str) -> str | None:
    names = [one.name for one in pages]
    place = names.index(name) if name in names else 0
    return names[place - 1] if place else None


def _tell_hidden(hidden: int) -> None:
    if hidden:
        said = _("Invisible characters were taken out of your text. Check that it says it all.")
        tell(said, "serious")
