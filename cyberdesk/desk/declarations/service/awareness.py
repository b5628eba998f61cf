"""When the organisation learned of it, as declared: the law's clocks run from there."""

from cyberdesk.core import clock
from cyberdesk.core.access import Actor
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.clocks import service as clocks
from cyberdesk.desk.clocks.models import DECLARED
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
        precision=_PRECISION.get(known.fidelity, "day") if known else DECLARED,
        words=_words(known, intake.caller(answers)),
    )


def _words(known: Instant | None, caller: str) -> str:
    """Return what they said and who said it. Nothing of ours: words stay in one language."""
    if known is None:
        return ""
    return f"{known.said} ({caller})" if caller else known.said
