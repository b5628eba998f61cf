"""The room of the journal: entries get their place every second, the head is signed hourly.

The whole is verified each day, in a worker; auditors read it by its headers.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import structlog

from cyberdesk.core import clock
from cyberdesk.core.access.actor import system
from cyberdesk.core.audit import refused, verdicts
from cyberdesk.core.audit.checkpoints import JournalBrokenError, checkpoint
from cyberdesk.core.audit.journalled import ACTS, SUBJECTS
from cyberdesk.core.audit.policy import POLICY
from cyberdesk.core.audit.sequencer import integrate_all
from cyberdesk.core.audit.verify import UncheckedError
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.jobs import outbox
from cyberdesk.core.room import Gauge, Link, Room, Sweep
from cyberdesk.core.text import _

if TYPE_CHECKING:
    from cyberdesk.core.access import Actor

VERIFY = "journal:verify"
_log = structlog.get_logger(__name__)


def sign() -> int:
    """Sign the head; a journal that cannot be signed is told before it fails."""
    try:
        return checkpoint().size
    except JournalBrokenError as error:
        verdicts.keep(system("checkpoint"), fault=str(error))
        raise


def ask_to_verify() -> int:
    """Have the journal verified when a day has passed, or hourly while it is broken."""
    with atomic(SYSTEM):
        if not verdicts.due():
            return 0
        return int(outbox.send(VERIFY, dedup=f"{VERIFY}:{clock.now():%Y-%m-%dT%H}"))


def verify() -> None:
    """Verify it now, for the outbox."""
    try:
        found = verdicts.judge(system("daily check"))
    except UncheckedError as error:
        _log.info("the journal is not verified yet", why=str(error))
        return
    if found.fault:
        _log.error("the journal is broken", fault=found.fault)


def _doors() -> Iterable[Any]:
    from cyberdesk.core.audit.views import door

    return (door,)


def _badge(_reader: "Actor") -> int:
    return int(verdicts.broken() is not None)


ROOM = Room(
    name="audit",
    title=_("Journal"),
    journalled=ACTS | SUBJECTS,
    policy=POLICY,
    doors=_doors,
    navigation=(
        Link(_("Journal"), "journal.index", "book", "journal:verify", order=83, badge=_badge),
    ),
    deliveries={VERIFY: verify},
    sweeps=(
        Sweep("journal", timedelta(seconds=1), integrate_all),
        Sweep("journal-checkpoint", timedelta(hours=1), sign),
        Sweep("journal-verify", timedelta(hours=1), ask_to_verify),
        Sweep("journal-refusals", timedelta(hours=24), refused.forget),
    ),
    gauges=(
        Gauge("journal_intact", "Whether no fault of the journal is known.", verdicts.intact),
        Gauge(
            "journal_verified_seconds",
            "How long ago the journal was last found whole; -1: never.",
            verdicts.verified_seconds,
        ),
        Gauge(
            "refusals_known",
            "Refusals within the hour of people, links and programs that are known.",
            refused.within_the_hour,
        ),
    ),
)
