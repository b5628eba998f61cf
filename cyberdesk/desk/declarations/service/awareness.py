"""When the organisation learned of it, as declared: the law's clocks run from there."""

from cyberdesk.core import clock
from cyberdesk.core.access import Actor
from cyberdesk.core.text import _
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.clocks import service as clocks
from cyberdesk.desk.declarations.intake import Instant, Intake
from cyberdesk.desk.declarations.models import Declaration

_PRECISION = {"minute": "minute", "hour": "hour"}  # anything rougher is known to the day


def tell_awareness(actor: Actor, case: Case, declaration: Declaration, intake: Intake) -> None:
    """Record it. Nobody learned of it after they began to declare; the safe reading is earliest."""
    answers, begun = declaration.answers, declaration.started_at
    known = intake.known_since(answers)
    at = min(known.earliest, begun) if known else begun
    at = min(at, clock.now())  # our own clock may have been set back since they began
    clocks.record_awareness(
        actor,
        case,
        at=at,
        precision=_PRECISION.get(known.fidelity, "day") if known else "minute",
        words=_words(known, intake.caller(answers)),
    )


def _words(known: Instant | None, caller: str) -> str:
    who = caller or str(_("the person who declared"))
    if known is None:
        return str(_("Nobody could say: the declaration counts. Told by %(who)s.", who=who))
    return str(_("“%(said)s”, told by %(who)s.", said=known.said, who=who))
