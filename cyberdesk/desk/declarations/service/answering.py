"""Saving a screen: what can be read is kept at once, what cannot is said and shown again."""

from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import select

from cyberdesk.core import clock
from cyberdesk.core.access import Actor, allowed
from cyberdesk.core.audit import record
from cyberdesk.core.db import session
from cyberdesk.core.errors import ConflictError, InvalidError
from cyberdesk.core.hygiene import CleanedForm
from cyberdesk.core.text import _
from cyberdesk.desk.declarations.intake import Fields, Form, Reading, intake_of
from cyberdesk.desk.declarations.models import DRAFT, Declaration, KeptForm
from cyberdesk.desk.declarations.service.loading import hold

HIDDEN = "hidden-characters"


@dataclass(frozen=True, slots=True)
class Saved:
    """What a screen gave: answers and errors, and how many invisible signs were taken out."""

    reading: Reading
    hidden: int

    @property
    def ok(self) -> bool:
        return not self.reading.errors


def form_of(declaration: Declaration) -> Form:
    """Return the questionnaire that the declaration was begun with, whatever came out since."""
    current = intake_of(declaration.strand).current()
    if current.version == declaration.version:
        return current
    return _restored(declaration.strand, declaration.version)


@allowed("declaration:answer")
def save(actor: Actor, declaration: Declaration, page: str, sent: CleanedForm) -> Saved:
    """Keep the answers of one screen. Those with an error are not kept, the others are.

    Raises InvalidError for a field that the screen does not have, ConflictError once sent.
    """
    hold(declaration)
    if declaration.state != DRAFT:
        raise ConflictError(
            _("This declaration has been sent already."),
            hint=_("Add what you know as a message in your space."),
        )
    form = form_of(declaration)
    _refuse_unknown(form, page, sent.fields)
    reading = form.read(page, sent.fields, now=clock.now())
    _write(declaration, page, {**declaration.answers, **reading.answers})
    if sent.hidden and HIDDEN not in declaration.doubts:
        declaration.doubts = [*declaration.doubts, HIDDEN]
    record(actor, "declaration:answer", declaration, {"page": page, "edition": declaration.edition})
    return Saved(reading, sent.hidden)


def _write(declaration: Declaration, page: str, answers: dict[str, object]) -> None:
    declaration.answers = answers
    declaration.page = page
    declaration.edition += 1
    declaration.saved_at = clock.now()


def _refuse_unknown(form: Form, page: str, fields: Fields) -> None:
    unknown = sorted(set(fields) - form.fields(page))
    if unknown:
        raise InvalidError(
            _(
                "The form holds a field that is not known: %(names)s",
                names=", ".join(unknown)[:200],
            ),
            hint=_("Reload the page and send it again."),
        )


@lru_cache(maxsize=32)
def _restored(strand: str, version: str) -> Form:
    kept = select(KeptForm.document).where(KeptForm.version == version, KeptForm.strand == strand)
    return intake_of(strand).restore(session().scalars(kept).one())
