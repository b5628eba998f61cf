"""The call-back that a commune was promised: until when, and where it stands, in one sentence."""

from datetime import datetime

from sqlalchemy import select

from cyberdesk.core import clock
from cyberdesk.core.db import session
from cyberdesk.core.text import Text, _
from cyberdesk.core.web.formatting import hour
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.declarations.intake import intake_of
from cyberdesk.desk.declarations.models import Declaration


def call_by(case: Case) -> datetime | None:
    """Return when the promised call-back is due, None once it was kept."""
    promised = case.dues.get("callback")
    return datetime.fromisoformat(promised["at"]) if promised else None


def sentence_of_promise(case: Case) -> Text | None:
    """Say what the commune can count on; a promise that was not kept in time is said as well."""
    due = call_by(case)
    if due is None:
        return None
    if not _gave_number(case):
        return _("You gave no number: call the centre and say your reference.")
    if due < clock.now():
        return _("The call that the centre promised you is late. You need not wait: call it.")
    return _("The centre is going to call you back before %(time)s.", time=hour(due))


def _gave_number(case: Case) -> bool:
    wanted = select(Declaration).where(Declaration.id == case.declaration_id)
    told = session().scalar(wanted)
    return told is None or bool(intake_of(told.strand).callback(told.answers))
