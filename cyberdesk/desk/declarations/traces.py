"""What the victim's side wrote and handed in, as texts in which observables may stand."""

from collections.abc import Iterable

from sqlalchemy import select

from cyberdesk.core.access import Actor
from cyberdesk.core.db import session
from cyberdesk.core.files.models import KEPT, StoredFile
from cyberdesk.core.text import _
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.declarations.models import Declaration
from cyberdesk.desk.declarations.service.answering import form_of
from cyberdesk.desk.intel.sources import Written

# A picture of a screen is evidence of what it shows; its own hash finds nothing anywhere.
_SHOWS = ("image/", "text/", "audio/", "video/")


def answers(_actor: Actor, case: Case) -> Iterable[Written]:
    """Yield the sentences of the declaration; names and numbers to call back are no traces."""
    if case.declaration_id is None:
        return
    declaration = session().get(Declaration, case.declaration_id)
    if declaration is None or not declaration.answers:
        return
    told, form = declaration.answers, form_of(declaration)
    asks = [ask for page in form.pages(told) for ask in page.asks if ask.multiline]
    text = "\n".join(held for ask in asks if isinstance(held := told.get(ask.name), str))
    at = declaration.sent_at or declaration.saved_at
    yield Written("declaration", declaration.id, _("The declaration"), at, text)


def files(_actor: Actor, case: Case) -> Iterable[Written]:
    """Yield the name and the hash of each file that may be the attacker's."""
    wanted = select(StoredFile).where(StoredFile.case_id == case.id, StoredFile.state == KEPT)
    for one in session().scalars(wanted):
        if not one.media_type.startswith(_SHOWS):
            lines = (f'"{one.label}"', one.sha256.hex())
            yield Written("file", one.id, _("A file handed in"), one.created_at, lines=lines)
