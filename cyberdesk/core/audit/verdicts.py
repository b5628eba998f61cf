"""Judging the journal as a whole: each day, when asked, and when it cannot be signed.

A journal that is found broken is told: to `/metrics`, on the pages of the watch and of the journal,
and by letter to those who administer and audit (`journal:broken`).
"""

from datetime import timedelta

from sqlalchemy import select

from cyberdesk.core import clock
from cyberdesk.core.access.actor import Actor
from cyberdesk.core.audit import stored
from cyberdesk.core.audit.checkpoints import trusted
from cyberdesk.core.audit.log import record
from cyberdesk.core.audit.models import AuditVerdict
from cyberdesk.core.audit.verify import TamperedError
from cyberdesk.core.db import atomic, database, seeing, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.events import events

EVERY = timedelta(hours=24)


def judge(by: Actor) -> AuditVerdict:
    """Verify the stored journal, entry by entry, and keep what came of it.

    Raises UncheckedError when there is nothing to compare with: no checkpoint was signed yet.
    """
    try:
        verdict = stored.check(database().url, trusted()).verdict
    except TamperedError as found:
        return keep(by, fault=str(found))
    return keep(by, size=verdict.size, signed=verdict.signed)


def keep(by: Actor, *, size: int = 0, signed: int = 0, fault: str = "") -> AuditVerdict:
    """Keep a verdict; a fault that was not known yet is journalled and told."""
    with atomic(SYSTEM), seeing(SYSTEM):
        before = latest()
        row = AuditVerdict(at=clock.now(), by=by.name, size=size, signed=signed, fault=fault)
        session().add(row)
        session().flush()
        if fault and (before is None or before.fault != fault):
            record(by, "journal:broken", row, {"fault": fault})
            events.emit("journal:broken", verdict=row)
        return row


def latest() -> AuditVerdict | None:
    """Return the last verdict. Needs the house's reach."""
    newest = select(AuditVerdict).order_by(AuditVerdict.at.desc(), AuditVerdict.id.desc()).limit(1)
    return session().scalar(newest)


def broken() -> AuditVerdict | None:
    """Return the last verdict when it found a fault."""
    with seeing(SYSTEM):
        last = latest()
    return last if last and last.fault else None


def due() -> bool:
    """Say whether it is time to verify: a day has passed, or a fault is known. Needs its reach."""
    last = latest()
    return last is None or bool(last.fault) or clock.now() - last.at >= EVERY


def intact() -> float:
    """1 while no fault is known, for `/metrics`."""
    last = latest()
    return 0.0 if last and last.fault else 1.0


def verified_seconds() -> float:
    """Return how long ago the journal was last found whole; -1 when it never was."""
    whole = select(AuditVerdict.at).where(AuditVerdict.fault == "")
    at = session().scalar(whole.order_by(AuditVerdict.at.desc()).limit(1))
    return (clock.now() - at).total_seconds() if at else -1.0
