"""How a case probably ends, and a first draft of its letter, for a person to finish.

A strand that knows better registers its own draft. What a draft cannot know it leaves as a blank,
`[À compléter …]`; a letter that still holds one is not sent.
"""

from collections.abc import Callable
from dataclasses import dataclass

from cyberdesk.core.text import bilingual, speaking
from cyberdesk.core.web.formatting import day
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.cases.vocabulary import INCIDENT

BLANK = "[À compléter"


@dataclass(frozen=True, slots=True)
class Ending:
    """What the closing form begins with; an empty determination is left for the person."""

    outcome: str
    determination: str
    letter: str


Drafter = Callable[[Case, str | None], Ending]
_by_strand: dict[str, Drafter] = {}

# The letter is a document for a French commune: it is written in its language, whoever drafts it.
_LETTER = """Madame, Monsieur,

Le {opened}, vous nous avez signalé un incident ({title}), suivi sous la référence {reference}.

Ce qui s’est passé :

Ce qui a été fait :

Ce qu’il reste à faire :

Nous restons à votre écoute. Gardez cette lettre avec vos preuves : votre assurance, les \
enquêteurs ou la CNIL peuvent vous la demander.
"""


def register(strand: str, drafter: Drafter) -> None:
    """Let `drafter(case, outcome)` begin the endings of the strand’s cases."""
    _by_strand[strand] = drafter


def draft(case: Case, outcome: str | None = None) -> Ending:
    """Return how `case` probably ended, or how it ends with the `outcome` asked for."""
    known = _by_strand.get(case.strand)
    if known:
        return known(case, outcome)
    with speaking("fr"):
        title = bilingual(case.title)
    letter = _LETTER.format(opened=day(case.opened_at, "fr"), title=title, reference=case.reference)
    return Ending(outcome or INCIDENT, "", letter)
