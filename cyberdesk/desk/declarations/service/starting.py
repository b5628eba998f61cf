"""The first answer: a draft, its reference to speak, its code, its private link."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from cyberdesk.core import clock
from cyberdesk.core.access import PUBLIC, Actor, Role, allowed
from cyberdesk.core.access.models import Organisation
from cyberdesk.core.audit import record
from cyberdesk.core.crypto import vault
from cyberdesk.core.crypto.tokens import token_hash
from cyberdesk.core.db import seeing, session
from cyberdesk.core.db.work import scope
from cyberdesk.core.ids import new_id, new_reference
from cyberdesk.core.text import language
from cyberdesk.desk.declarations import pace
from cyberdesk.desk.declarations.intake import Form, intake_of
from cyberdesk.desk.declarations.models import DRAFT, Declaration, KeptForm
from cyberdesk.desk.declarations.ways import issue

CODE_DIGITS = 10
LINK_LASTS = timedelta(days=90)
FLOOD = "flood"
BOT = "bot"


@dataclass(frozen=True, slots=True)
class Started:
    """A draft and the two ways back to it, which are kept nowhere in the clear."""

    declaration: Declaration
    code: str
    token: str


def new_code() -> str:
    """Return ten digits to be said on the telephone."""
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"


def code_hash(reference: str, code: str) -> bytes:
    return token_hash(f"{reference}:{code}", purpose="declaration-code", peppers=vault.peppers())


@allowed(PUBLIC)
def start(
    actor: Actor,
    *,
    strand: str,
    organisation: Organisation | None,
    typed_name: str = "",
    doubts: tuple[str, ...] = (),
) -> Started:
    """Open a draft for an organisation of the directory, or for one typed freely."""
    declaration_id, code = new_id(), new_code()
    with seeing(scope().with_declaration(declaration_id)):
        declaration = _draft(declaration_id, strand, network=pace.network_hash(actor.address))
        declaration.code_hash = code_hash(declaration.reference, code)
        declaration.organisation = organisation
        declaration.typed_name = typed_name or None
        declaration.doubts = list(doubts)
        session().add(declaration)
        session().flush()
        record(actor, "declaration:start", declaration, {"strand": strand, "doubts": doubts})
        way = issue(actor, Role.DECLARANT, declaration_id=declaration_id, lasts=LINK_LASTS)
    return Started(declaration, code, way.token)


def _draft(declaration_id: UUID, strand: str, *, network: bytes) -> Declaration:
    now, form = clock.now(), intake_of(strand).current()
    _keep(strand, form)
    return Declaration(
        id=declaration_id,
        key_id=vault.create_key("declaration", declaration_id),
        reference=new_reference(),
        strand=strand,
        version=form.version,
        language=language(),
        state=DRAFT,
        edition=0,
        network=network,
        answers={},
        started_at=now,
        saved_at=now,
    )


def _keep(strand: str, form: Form) -> None:
    """Keep the questionnaire that is answered: a later release must still show it."""
    values = {"version": form.version, "strand": strand, "document": form.document}
    kept = insert(KeptForm).values(kept_at=clock.now(), **values)
    session().execute(kept.on_conflict_do_nothing())
