"""What is told to whom by mail: that something waits, never what; it is read in the app."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from cyberdesk.core import clock as time
from cyberdesk.core.access import Actor
from cyberdesk.core.access.models import Person
from cyberdesk.core.db import seeing, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.letters import letterhead, write
from cyberdesk.desk.cases.models import Case, CaseMessage, CasePerson

_GATHER = timedelta(minutes=10)  # several messages in a row are one mail


def tell_desk_of_opening(case: Case, actor: Actor) -> None:
    """Tell the mailbox of the people on duty that a case waits."""
    desk = letterhead().desk
    if desk:
        write("desk-opened", to=desk, case=case, dedup=f"opened:{case.id}", **_facts(case))


def tell_of_message(case: Case, message: CaseMessage, actor: Actor) -> None:
    """Tell the other side that a message waits: the owner, or the people of the case."""
    if message.desk_only:
        return
    if message.side == "desk":
        for person in people_of(case, ("declarant", "it", *message.shared_with)):
            _gathered("message-waiting", case, person["email"], "commune")
    else:
        _tell_owner("desk-message", case)


def tell_of_clock(clock: Any) -> None:
    """Tell the owner and the commune that a deadline nears or has passed."""
    facts = {
        "title": clock.title,
        "until": clock.due_at.isoformat() if clock.due_at else None,
        "late": clock.late,
    }
    kind = "clock-late" if clock.late else "clock-soon"
    _tell_owner(f"desk-{kind}", clock.case, **facts)
    for person in people_of(clock.case):
        write(kind, to=person["email"], case=clock.case, **_facts(clock.case), **facts)


def tell_of_closing(case: Case, ending: Any, actor: Actor) -> None:
    """Tell the people of the case that its letter of closing waits."""
    for person in people_of(case):
        write("case-closed", to=person["email"], case=case, **_facts(case))


def people_of(
    case: Case, roles: Collection[str] = ("declarant", "it", "dpo")
) -> list[dict[str, str]]:
    """Return the contacts in these `roles` that have a mail address, each address once."""
    wanted = select(CasePerson).where(CasePerson.case_id == case.id, CasePerson.ended_at.is_(None))
    found: dict[str, dict[str, str]] = {}
    for person in session().scalars(wanted.where(CasePerson.role.in_(roles))):
        contact = person.contact
        if contact.get("email"):
            found.setdefault(str(contact["email"]).lower(), contact)
    return list(found.values())


def _tell_owner(kind: str, case: Case, **facts: Any) -> None:
    to = letterhead().desk
    if case.owner_id:
        with seeing(SYSTEM):
            owner = session().get(Person, case.owner_id)
            to = owner.email if owner and owner.active else to
    if to:
        _gathered(kind, case, to, "desk", **facts)


def _gathered(kind: str, case: Case, to: str, side: str, **facts: Any) -> None:
    """Write at most one such letter in a while, a little later, so that it tells of them all."""
    slot = int(time.now().timestamp() // _GATHER.total_seconds())
    end = datetime.fromtimestamp((slot + 1) * _GATHER.total_seconds(), tz=time.now().tzinfo)
    due = min(end, time.now() + timedelta(minutes=2))
    dedup = f"{kind}:{case.id}:{side}:{to}:{slot}"
    write(kind, to=to, case=case, dedup=dedup, due=due, **_facts(case), **facts)


def _facts(case: Case) -> dict[str, Any]:
    return {"reference": case.reference}
