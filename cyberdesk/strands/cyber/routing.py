"""What starts at once when a case is opened: the promise to call back."""

from datetime import timedelta

from cyberdesk.core import clock
from cyberdesk.core.text import _
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.declarations.models import Declaration

CALL_BACK_WITHIN = {
    4: timedelta(minutes=15),
    3: timedelta(minutes=30),
    2: timedelta(hours=2),
    1: timedelta(hours=4),
}


def route(case: Case, declaration: Declaration) -> None:
    """Promise the call-back, sooner for a graver case; finding a number may come first."""
    now = clock.now()
    reachable = bool(declaration.answers.get("callback_phone"))
    what = _("call the person who declared") if reachable else _("find how to reach the commune")
    due = now + CALL_BACK_WITHIN[case.level]
    cases.set_next_due(case, "callback", due, what, since=now)
    cases.set_waiting(case, "responder", why=_("the first call-back"), since=now)
