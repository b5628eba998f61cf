"""What the victim's side declared, as the desk reads it before it calls back."""

from flask import render_template
from markupsafe import Markup
from sqlalchemy import select

from cyberdesk.core.access import Actor
from cyberdesk.core.db import session
from cyberdesk.core.text import Text, _
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.cases.panels import CasePanel
from cyberdesk.desk.declarations import service
from cyberdesk.desk.declarations.models import Declaration
from cyberdesk.desk.declarations.service.answering import HIDDEN
from cyberdesk.desk.declarations.service.sending import TOO_FAST
from cyberdesk.desk.declarations.service.starting import BOT, FLOOD

_LANGUAGES = {"fr": _("French"), "en": _("English")}
# Why a declaration deserves a second look; none of these ever refused anything.
_DOUBTS = {
    "by-mail": _("It came by mail: its sender may not be who it says, and filled no form in."),
    BOT: _("A field that people cannot see was filled in: perhaps a program."),
    HIDDEN: _("Invisible signs were taken out of what was typed."),
    FLOOD: _("Many declarations came from the same network in a short time."),
    TOO_FAST: _("It was filled in faster than a person reads: perhaps a program."),
}


def render(_actor: Actor, case: Case) -> Markup | None:
    found = session().scalar(select(Declaration).where(Declaration.id == case.declaration_id))
    if found is None:
        return None
    form = service.form_of(found)
    told = form.told(found.answers)
    pages = [
        (page, [one for one in told if one.page == page.name]) for page in form.pages(found.answers)
    ]
    return Markup(  # noqa: S704  # made by our own autoescaped template
        render_template(
            "declarations/panel.html",
            case=case,
            declaration=found,
            pages=[(page, lines) for page, lines in pages if lines],
            silent=[page.title for page, lines in pages if not lines],
            language=_LANGUAGES.get(found.language, found.language),
            doubts=[doubt(code) for code in found.doubts],
        )
    )


def doubt(code: str) -> Text | str:
    return _DOUBTS.get(code, code)


PANEL = CasePanel(
    "declared",
    _("What was declared"),
    render,
    order=30,
    may="declaration:read",
    icon="message",
)
