"""Taking a mail in: into the thread of its case, or as a declaration of its own.

It runs in the transaction of `connectors.service.listening`, which keeps the position with it.
"""

from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from uuid import UUID

from sqlalchemy import func, or_, select

from cyberdesk.core import clock
from cyberdesk.core.access import Actor, ActorKind, Grant, Role, system
from cyberdesk.core.access.models import Membership, Person
from cyberdesk.core.audit import record
from cyberdesk.core.crypto import vault
from cyberdesk.core.crypto.tokens import token_hash, token_hashes
from cyberdesk.core.db import session
from cyberdesk.core.text import _
from cyberdesk.desk.arrivals.mails import Mail, read_mail
from cyberdesk.desk.arrivals.models import Arrival
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.connectors.service.listening import Arrived, Outcome
from cyberdesk.desk.declarations import service as declarations
from cyberdesk.desk.declarations.filling import fill
from cyberdesk.desk.declarations.intake import intake_of

MESSAGE, DECLARED, KNOWN, AUTOMATIC, TOO_MANY = "message", "case", "known", "automatic", "too-many"
BY_MAIL = "by-mail"
_HOUSE = system("arrivals")
_ADDRESS, _NUMBER = "arrival-sender", "arrival-number"
_A_DAY = timedelta(days=1)
_MOST_OF_ONE, _MOST = 3, 50  # declarations within a day: of one address, of all
_LONGEST_NAME = 200


@dataclass
class _Upload:
    filename: str | None
    stream: BytesIO


def take_mail(arrived: Arrived) -> Outcome:
    """Keep one mail, once. What nobody wrote, or too much of it, is left where it was."""
    content = arrived.item.content
    mail = read_mail(content)
    number = mail.number or _all_of(content)
    hashes = token_hashes(number, purpose=_NUMBER, peppers=vault.peppers())
    if session().scalar(select(Arrival.id).where(Arrival.digest.in_(hashes))):
        return Outcome(KNOWN, kept=True)
    case = _case_of(mail, str(arrived.settings.get("authserv", "")).lower())
    if mail.automatic or not mail.address:
        outcome, case = AUTOMATIC, None
    elif case is not None:
        outcome = MESSAGE
    elif _too_many(mail):
        outcome = TOO_MANY
    else:
        outcome, case = DECLARED, _declare(mail, str(arrived.settings.get("strand", "cyber")))
    if case is not None:
        _add(case, mail, arrived)
    _note(arrived.source, number, mail, outcome, case)
    return Outcome(outcome, kept=case is not None and arrived.item.whole)


def _all_of(content: bytes) -> str:
    """Return what tells a mail without Message-ID from others: all of it."""
    return content.decode("latin-1")


def _case_of(mail: Mail, authserv: str) -> Case | None:
    """Return the case that the mail names, when whoever says to write is known there.

    Where a server is named that checks senders, it must have found this one right.
    """
    if authserv and authserv not in mail.passed:
        return None
    wanted = select(Case).where(Case.reference.in_(mail.references))
    for case in session().scalars(wanted) if mail.references else ():
        if mail.address in _addresses(case):
            return case
    return None


def _addresses(case: Case) -> set[str]:
    """Return who is known to a case: its contacts, and the people of its organisation."""
    contacts = (person.contact for person in cases.people(_HOUSE, case))
    found = {str((contact or {}).get("email", "")) for contact in contacts}
    here = or_(Membership.organisation_id == case.organisation_id, Membership.case_id == case.id)
    still = or_(Membership.ended_at.is_(None), Membership.ended_at > clock.now())
    members = select(Person.email).join(Membership, Membership.person_id == Person.id)
    found |= set(session().scalars(members.where(here, still, Person.active)))
    return {address.casefold() for address in found} - {""}


def _too_many(mail: Mail) -> bool:
    lately = (
        select(func.count())
        .select_from(Arrival)
        .where(Arrival.outcome == DECLARED, Arrival.at > clock.now() - _A_DAY)
    )
    hashes = token_hashes(mail.address, purpose=_ADDRESS, peppers=vault.peppers())
    of_one = lately.where(Arrival.sender.in_(hashes))
    return (session().scalar(of_one) or 0) >= _MOST_OF_ONE or (
        session().scalar(lately) or 0
    ) >= _MOST


def _declare(mail: Mail, strand: str) -> Case:
    """Declare what is known of it: nothing but that somebody wrote. The desk asks the rest."""
    form = intake_of(strand).current()
    filled = fill(form, {one.name: None for one in form.missing({})}, now=clock.now())
    started = declarations.start(
        _HOUSE,
        strand=strand,
        organisation=None,
        typed_name=mail.address.rpartition("@")[2][:_LONGEST_NAME],
        doubts=(BY_MAIL,),
    )
    started.declaration.answers = filled.answers
    case = declarations.send(_HOUSE, started.declaration)
    _introduce(case, mail)
    return case


def _introduce(case: Case, mail: Mail) -> None:
    """Let the desk know whom to write to; the case was opened with a declarant without a name."""
    contact = {"name": (mail.name or mail.address)[:_LONGEST_NAME], "email": mail.address}
    there = [one for one in cases.people(_HOUSE, case) if one.role == "declarant"]
    if there:
        cases.change_person(_HOUSE, there[0], **contact)
    else:
        cases.add_person(_HOUSE, case, role="declarant", **contact)


def _add(case: Case, mail: Mail, arrived: Arrived) -> None:
    """Write it into the thread, and keep its source and what hangs on it as files of the case."""
    actor = _writer(case, mail)
    said = [mail.subject, mail.text]
    if not arrived.item.whole:
        said.append(str(_("This mail is too large to be taken in: it is still in the mailbox.")))
    body = "\n\n".join(filter(None, said)) or str(_("A mail without a word."))
    cases.write(actor, case, body=body)
    source = _Upload(f"{mail.subject[:80] or 'mail'}.eml", BytesIO(arrived.item.content))
    files = [_Upload(file.name, BytesIO(file.content)) for file in mail.files]
    declarations.attach_to_case(actor, case, [source, *files])


def _writer(case: Case, mail: Mail) -> Actor:
    name = f"{mail.name} <{mail.address}>" if mail.name else mail.address
    grant = Grant(str(Role.DECLARANT), case=case.id)
    return Actor(ActorKind.LINK, name=name[:_LONGEST_NAME], grants=(grant,))


def _note(source: str, number: str, mail: Mail, outcome: str, case: Case | None) -> None:
    case_id: UUID | None = case.id if case else None
    row = Arrival(
        source=source,
        digest=token_hash(number, purpose=_NUMBER, peppers=vault.peppers()),
        sender=token_hash(mail.address, purpose=_ADDRESS, peppers=vault.peppers()),
        outcome=outcome,
        case_id=case_id,
        at=clock.now(),
    )
    session().add(row)
    session().flush()
    record(_HOUSE, "arrival:mail", row, {"source": source, "outcome": outcome})
