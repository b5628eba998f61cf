"""Entries of our own journal for the SIEM that watches over the house.

They are read from the journal itself, once each has its place there, so that writing one costs
nothing more; each leaves through the outbox. Names and contents stay here: numbers are told.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from cyberdesk.core.audit.models import AuditEntry, AuditLeaf
from cyberdesk.core.connector import ConnectorError
from cyberdesk.core.db import atomic, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.jobs import outbox
from cyberdesk.core.jobs.delivery import GiveUpError, NotYetError
from cyberdesk.desk.connectors.service import acts, prepare
from cyberdesk.desk.connectors.service.following import follow

TOPIC = "journal:forward"
SYSLOG = "syslog"
_AT_ONCE = 500
# What somebody who watches over the house would want to be woken or asked for.
SEVERITIES = {
    "session:refuse": "warning",
    "access:refuse": "warning",
    "case:break-glass": "alert",
    "file:damaged": "error",
    "administrator:first": "warning",
    "role:give": "notice",
    "role:end": "notice",
    "account:reset": "warning",
    "account:close": "notice",
    "account:reopen": "notice",
    "authenticator:remove": "warning",
    "passkey:remove": "warning",
    "token:make": "notice",
    "token:revoke": "notice",
    "connector:configure": "notice",
    "connector:switch": "notice",
    "case:open": "notice",
    "case:close": "notice",
}


def gather() -> int:
    """Have what the journal holds since the last time forwarded; returns how many entries."""
    gathered = 0

    def step(settings: Mapping[str, Any], position: Mapping[str, Any]) -> Mapping[str, Any]:
        nonlocal gathered
        wanted = settings.get("journal", "nothing")
        if wanted == "nothing":
            return {}
        if "seq" not in position:
            last = func.coalesce(func.max(AuditLeaf.seq), -1)
            return {"seq": session().scalar(select(last))}
        found = _after(position["seq"])
        for _seq, entry_id, action in found:
            if wanted == "everything" or action in SEVERITIES:
                gathered += outbox.send(TOPIC, dedup=f"journal:{entry_id}", entry_id=str(entry_id))
        return {"seq": found[-1][0] if found else position["seq"]}

    follow(SYSLOG, step)
    return gathered


def forward(entry_id: str) -> None:
    """Hand one entry to the collector; tried again until it takes it."""
    with atomic(SYSTEM):
        entry = session().get_one(AuditEntry, UUID(entry_id))
        given = told(entry)
        ready = acts(SYSLOG)
    if not ready:
        raise NotYetError("syslog is not set up")
    try:
        prepare("syslog.send", given, key=f"journal:{entry_id}").perform()
    except ConnectorError as error:
        if error.again:
            raise
        raise GiveUpError(str(error)) from error


def told(entry: AuditEntry) -> dict[str, Any]:
    """Return what is told of an entry."""
    facts = {
        "actor": entry.actor_kind,
        "actorId": _text(entry.actor_id),
        "subject": entry.subject_type,
        "subjectId": _text(entry.subject_id),
        "caseId": _text(entry.case_id),
    }
    return {
        "event": entry.action[:32],
        "text": f"{entry.action} {entry.subject_type}".strip(),
        "severity": SEVERITIES.get(entry.action, "info"),
        "at": entry.at.isoformat(),
        "facts": {name: value for name, value in facts.items() if value},
    }


def _after(seq: int) -> list[tuple[int, UUID, str]]:
    wanted = (
        select(AuditLeaf.seq, AuditEntry.id, AuditEntry.action)
        .join(AuditEntry, AuditEntry.id == AuditLeaf.entry_id)
        .where(AuditLeaf.seq > seq)
        .order_by(AuditLeaf.seq)
        .limit(_AT_ONCE)
    )
    return [(row.seq, row.id, row.action) for row in session().execute(wanted)]


def _text(number: UUID | None) -> str:
    return str(number) if number else ""
