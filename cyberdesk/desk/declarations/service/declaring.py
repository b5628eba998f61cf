"""Declaring through a program: a provider or a partner on behalf of an organisation."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from sqlalchemy import Select, select

from cyberdesk.core import clock
from cyberdesk.core.access import Actor, Grant, Role, allowed
from cyberdesk.core.access.models import Organisation
from cyberdesk.core.audit import record
from cyberdesk.core.db import seeing, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.db.work import scope
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.declarations.filling import Filled
from cyberdesk.desk.declarations.models import DROPPED, Declaration
from cyberdesk.desk.declarations.service.answering import HIDDEN
from cyberdesk.desk.declarations.service.sending import send
from cyberdesk.desk.declarations.service.starting import Started, start

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a program declares. Without an organisation of the directory, its name as typed."""

    strand: str
    organisation: Organisation | None
    typed_name: str
    filled: Filled
    their_reference: str = ""
    exercise: bool = False


@dataclass(frozen=True, slots=True)
class Declared:
    """A declaration that was sent, its case, and the two ways back to it, told once."""

    declaration: Declaration
    case: Case
    code: str
    token: str


@allowed("declaration:make")
def declare(actor: Actor, *, wanted: Wanted) -> Declared:
    """Start, answer and send a declaration at once. Its author is the declarant of it alone."""
    hidden = (HIDDEN,) * bool(wanted.filled.hidden)
    started = start(
        actor,
        strand=wanted.strand,
        organisation=wanted.organisation,
        typed_name="" if wanted.organisation else wanted.typed_name,
        doubts=hidden,
    )
    declaration = started.declaration
    grant = Grant(str(Role.DECLARANT), declaration=declaration.id)
    declarant = replace(actor, grants=(*actor.grants, grant))
    with seeing(scope().with_declaration(declaration.id)):
        _fill_in(actor, declaration, wanted)
        case = send(declarant, declaration)
    return _told(actor, started, case)


def made(actor: Actor, show: Callable[[Select[Any]], T]) -> T:
    """Return what `show` makes of the statement of those that the actor's programs declared."""
    mine = select(Declaration).where(Declaration.made_by_id == actor.person)
    with seeing(SYSTEM):
        return show(mine.where(Declaration.state != DROPPED))


def _fill_in(actor: Actor, declaration: Declaration, wanted: Wanted) -> None:
    declaration.answers = wanted.filled.answers
    declaration.their_reference = wanted.their_reference or None
    declaration.made_by_id, declaration.exercise = actor.person, wanted.exercise
    declaration.edition, declaration.saved_at = 1, clock.now()
    record(actor, "declaration:make", declaration, {"exercise": wanted.exercise})
    session().flush()


def _told(actor: Actor, started: Started, case: Case) -> Declared:
    words = started.declaration.their_reference or None
    with seeing(SYSTEM):
        cases.tell(actor, case, "case:declared-by-program", words=words, desk_only=True)
    return Declared(started.declaration, case, started.code, started.token)
