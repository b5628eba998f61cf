"""Declaring through a program, and following what was declared."""

from functools import partial
from typing import Any

from sqlalchemy import select

from cyberdesk.core import clock
from cyberdesk.core.access.directory import find_organisations
from cyberdesk.core.access.models import Organisation
from cyberdesk.core.db import session
from cyberdesk.core.errors import InvalidError
from cyberdesk.core.hygiene import clean
from cyberdesk.core.text import _
from cyberdesk.core.web.addresses import whole
from cyberdesk.core.web.api import ApiDoor, Page, PageQuery, page_of
from cyberdesk.core.web.api.shapes import spelled
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.declarations import asking, service
from cyberdesk.desk.declarations.filling import fill
from cyberdesk.desk.declarations.intake import intake_of
from cyberdesk.desk.declarations.models import Declaration
from cyberdesk.desk.declarations.service import Declared, Wanted
from cyberdesk.desk.declarations.shapes import (
    CheckIn,
    ChecklistOut,
    DeclarationIn,
    DeclarationMade,
    DeclarationOut,
    OrganisationIn,
    calls,
    declaration_out,
    gestures,
)

door = ApiDoor("declarations", __name__, tag="Declarations")
_SEVERAL = 2


@door.get("/questionnaires/<strand>", may="declaration:make", answers=asking.QuestionnaireOut)
def read_questionnaire(strand: str) -> asking.QuestionnaireOut:
    """Read the questions of a strand, with their answers, and a JSON Schema of `answers`."""
    return asking.questionnaire(strand, intake_of(strand).current())


@door.post(
    "/questionnaires/<strand>/check", may="declaration:make", takes=CheckIn, answers=ChecklistOut,
    status=200,
)  # fmt: skip
def check_answers(strand: str, body: CheckIn) -> ChecklistOut:
    """Check answers without declaring: what else is asked, what is missing, what to do at once.

    Nothing is kept.
    """
    form = intake_of(strand).current()
    filled = fill(form, body.answers, now=clock.now(), complete=False)
    pages = form.pages(filled.answers)
    return ChecklistOut(
        asked=[ask.name for page in pages for ask in page.asks],
        missing=[one.name for one in form.missing(filled.answers)],
        advice=gestures(partial(form.advice, filled.answers)),
    )


@door.post("/declarations", may="declaration:make", takes=DeclarationIn, answers=DeclarationMade)
def make_declaration(body: DeclarationIn) -> DeclarationMade:
    """Declare an incident on behalf of an organisation. A responder calls back; it opens a case.

    Send an Idempotency-Key: the answer holds what is told once, and it is given again to the same
    key for a day.
    """
    form = intake_of(body.strand).current()
    filled = fill(form, body.answers, now=clock.now())
    organisation, name = _organisation(body.organisation)
    wanted = Wanted(
        strand=body.strand,
        organisation=organisation,
        typed_name=name,
        filled=filled,
        their_reference=spelled(body.their_reference),
        exercise=body.exercise,
    )
    return _made(service.declare(actor(), wanted=wanted), filled.hidden)


@door.get("/declarations", may="declaration:make", answers=Page[DeclarationOut], query=PageQuery)
def list_declarations(query: PageQuery) -> Page[DeclarationOut]:
    """List what your programs have declared, the newest first."""
    order: list[Any] = [Declaration.id]
    return service.made(
        actor(),
        lambda wanted: page_of(wanted, order, query, _shown, descending=order),
    )


@door.get("/declarations/<reference>", may="declaration:read", answers=DeclarationOut)
def read_declaration(reference: str) -> DeclarationOut:
    """Read how a declaration stands: one that your programs made, or that you reach."""
    return _shown(service.access_told(actor(), reference))


def _shown(declaration: Declaration) -> DeclarationOut:
    return DeclarationOut(**declaration_out(declaration))


def _made(done: Declared, hidden: int) -> DeclarationMade:
    declaration = done.declaration
    intake, form = intake_of(declaration.strand), service.form_of(declaration)
    return DeclarationMade(
        **declaration_out(declaration),
        code=done.code,
        link=whole("declarations.enter", token=done.token),
        advice=gestures(partial(intake.gestures, form, declaration.answers)),
        calls=calls(partial(intake.calls, declaration.answers)),
        hidden_characters=hidden,
    )


def _organisation(given: OrganisationIn) -> tuple[Organisation | None, str]:
    """Return the organisation of the directory, or None and the name that was typed."""
    if given.name is not None:
        typed = " ".join(clean(given.name).text.split())
        if not typed:
            raise InvalidError(fields={"organisation.name": [_("Write a text.")]})
        return _by_name(typed), typed
    field, found = _by_code(given)
    if found is None or found.facts.get("verified") is False:
        raise InvalidError(
            _("This organisation is not in the directory."),
            hint=_("Give its name instead: any organisation is welcome."),
            fields={f"organisation.{field}": [_("This organisation is not in the directory.")]},
        )
    return found, found.name


def _by_name(typed: str) -> Organisation | None:
    """Return the one organisation that has this name; among several the desk will ask."""
    found = find_organisations(typed[:80], limit=_SEVERAL)
    same = [one for one in found if one.name.casefold() == typed.casefold()]
    return same[0] if len(same) == 1 else None


def _by_code(given: OrganisationIn) -> tuple[str, Organisation | None]:
    wanted = select(Organisation)
    if given.id:
        return "id", session().get(Organisation, given.id)
    if given.insee:
        here = Organisation.kind == "commune", Organisation.code == given.insee
        return "insee", session().scalar(wanted.where(*here))
    known = (Organisation.siren == given.siren) | (
        (Organisation.code == given.siren) & (Organisation.kind != "commune")
    )
    return "siren", session().scalars(wanted.where(known).limit(1)).first()
