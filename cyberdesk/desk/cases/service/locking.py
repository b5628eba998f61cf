"""Two people act on one case: the first wins, the second learns what happened meanwhile."""

from sqlalchemy import select

from cyberdesk.core.db import session
from cyberdesk.core.db.holding import hold, is_held
from cyberdesk.core.errors import ConflictError
from cyberdesk.core.text import Text, _
from cyberdesk.desk.cases.models import Case, CaseEvent
from cyberdesk.desk.cases.story import sentence

# Lines that change what another person's form was filled in for. Messages and notes do not.
TURNING = (
    "case:taken",
    "case:handed-over",
    "case:released",
    "case:escalated",
    "case:severity",
    "case:merged",
    "case:unmerged",
    "case:closed",
    "case:reopened",
)


def lock(case: Case) -> Case:
    """Hold the case's row until the transaction ends and read it anew: acts queue up behind it.

    Whoever holds it already knows it best: nobody else can have changed it since.
    """
    if is_held(case):
        return case
    session().flush()
    # FOR NO KEY UPDATE: rows that point at the case (a reading, a line of the journal) hold its key
    # shared; a plain FOR UPDATE would wait for two of them in a circle.
    session().refresh(case, with_for_update={"of": Case, "key_share": True})
    hold(case)
    return case


def lock_open(case: Case, seen: int | None = None) -> Case:
    """Hold an open case. `seen` is the version that the person's page showed, if it had one.

    Raises ConflictError when it is closed, or when something turned since; its `changes` say what.
    """
    lock(case)
    if seen is not None and seen < case.version:
        _refuse_what_turned(case, seen)
    if not case.is_open:
        raise ConflictError(
            _("This case is closed."), hint=_("Reopen it first, and say why."), changes=[]
        )
    return case


def _refuse_what_turned(case: Case, seen: int) -> None:
    turned = session().scalars(
        select(CaseEvent)
        .where(CaseEvent.case_id == case.id, CaseEvent.version > seen)
        .where(CaseEvent.kind.in_(TURNING))
        .order_by(CaseEvent.version)
    )
    changes = [_change(line) for line in turned]
    if changes:
        raise ConflictError(
            _("While you were reading: %(what)s", what=" ".join(changes)),
            hint=_("Look at the case as it is now, then decide again."),
            changes=changes,
        )


def _change(line: CaseEvent) -> str:
    said: Text | str = sentence(line)
    return f"{line.actor_name} — {said}." if line.actor_name else f"{said}."
