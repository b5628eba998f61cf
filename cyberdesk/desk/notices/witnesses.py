"""Checkpoints of the journal for witnesses outside: who keeps one can show what was changed since.

A mailbox of a commune or an auditor, a system of theirs reached by the webhook, or both. Every
checkpoint goes to every witness once, through the outbox: the sweeper signs one each hour in which
something was written, and `cyberdesk audit checkpoint` when it is asked.
"""

from typing import Any
from uuid import UUID

from cyberdesk.core.audit.checkpoints import signer
from cyberdesk.core.audit.models import AuditCheckpoint
from cyberdesk.core.connector import ConnectorError
from cyberdesk.core.db import atomic, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.jobs import outbox
from cyberdesk.core.jobs.delivery import GiveUpError, NotYetError
from cyberdesk.core.letters import write
from cyberdesk.desk.connectors.service import acts, prepare

TOPIC = "witness:call"
WEBHOOK = "webhook"
_witnesses: tuple[str, ...] = ()


def appoint(settings: Any) -> None:
    """Let the witnesses that the settings name have what this process signs."""
    global _witnesses  # noqa: PLW0603  # named once, when a process starts
    _witnesses = settings.witnesses


def tell(checkpoint: AuditCheckpoint) -> None:
    """Send `checkpoint` to each witness, in the transaction that keeps it."""
    for witness in _witnesses:
        dedup = f"witness:{checkpoint.size}:{witness}"
        if witness == WEBHOOK:
            outbox.send(TOPIC, dedup=dedup, checkpoint_id=str(checkpoint.id))
        else:
            write(
                "journal-checkpoint",
                to=witness,
                dedup=dedup,
                size=checkpoint.size,
                at=checkpoint.at.isoformat(),
                note=checkpoint.note,
                key=str(signer().verifier),
            )


def call(checkpoint_id: str) -> None:
    """Hand one checkpoint to the witness behind the webhook; tried again until it takes it."""
    with atomic(SYSTEM):
        row = session().get_one(AuditCheckpoint, UUID(checkpoint_id))
        told = {"size": row.size, "at": row.at.isoformat(), "note": row.note}
        ready = acts(WEBHOOK)
    if not ready:
        raise NotYetError("no webhook is set up")
    given = {"event": "journal:checkpoint", "data": {**told, "key": str(signer().verifier)}}
    try:
        prepare("webhook.post", given, key=f"checkpoint:{checkpoint_id}").perform()
    except ConnectorError as error:
        if error.again:  # the receiver folds a second call by its webhook-id
            raise
        raise GiveUpError(str(error)) from error
