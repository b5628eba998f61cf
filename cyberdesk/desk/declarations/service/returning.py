"""Coming back from another telephone: reference and code, said or typed."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from cyberdesk.core.access import PUBLIC, Actor, Role, allowed
from cyberdesk.core.audit import record
from cyberdesk.core.crypto import vault
from cyberdesk.core.crypto.tokens import matches
from cyberdesk.core.db import seeing, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.ids import read_reference
from cyberdesk.desk.declarations import pace
from cyberdesk.desk.declarations.models import DROPPED, Declaration
from cyberdesk.desk.declarations.service.starting import (
    CODE_DIGITS,
    LINK_LASTS,
    code_hash,
    new_code,
)
from cyberdesk.desk.declarations.ways import issue

_NOBODY = b"\x00" * 32


@dataclass(frozen=True, slots=True)
class Return:
    """The token of a fresh link, or none and how long this network must wait to try again."""

    token: str | None = None
    wait: timedelta = timedelta()


@allowed(PUBLIC)
def come_back(actor: Actor, *, reference: str, code: str) -> Return:
    """Exchange a reference and its code for a link.

    Only the network that tries is slowed, never the declaration: nobody can lock somebody else
    out. Wrong reference and wrong code are one answer, in the same time.
    """
    wait = pace.admit(pace.CODES, pace.network_hash(actor.address))
    if wait:
        return Return(wait=wait)
    with seeing(SYSTEM):
        found = _find(reference, "".join(sign for sign in code if sign.isdecimal()))
        if found is None:
            return Return()
        way = issue(actor, Role.DECLARANT, declaration_id=found.id, lasts=LINK_LASTS)
        record(actor, "declaration:return", found)
        return Return(token=way.token)


@allowed("declaration:share")
def new_code_for(actor: Actor, declaration: Declaration) -> str:
    """Give the declaration a new code; the old one ends."""
    code = new_code()
    declaration.code_hash = code_hash(declaration.reference, code)
    record(actor, "declaration:new-code", declaration)
    return code


def _find(reference: str, digits: str) -> Declaration | None:
    spoken = read_reference(reference)
    found = session().scalar(
        select(Declaration).where(Declaration.reference == spoken, Declaration.state != DROPPED)
    )
    stored = found.code_hash if found else _NOBODY
    fits = matches(
        f"{spoken}:{digits}",
        stored,
        purpose="declaration-code",
        peppers=vault.peppers(),
    )
    return found if found and fits and len(digits) == CODE_DIGITS else None
