"""The four severities: one number from 0 to 100, and the word that people say for it."""

from dataclasses import dataclass

from cyberdesk.core.text import Text, _


@dataclass(frozen=True, slots=True)
class Level:
    """A severity from its `least` score on; `typical` is the score of one set by hand."""

    number: int
    name: Text
    meaning: Text
    least: int
    typical: int


# The bands of the STIX 2.1 Incident Core extension's criticality (Appendix B), and its scores.
LEVELS = (
    Level(1, _("Watch"), _("nothing serious for now, we keep watch"), 0, 15),
    Level(2, _("Serious"), _("to be dealt with today"), 30, 40),
    Level(3, _("Severe"), _("to be dealt with at once"), 50, 70),
    Level(4, _("Critical"), _("essential services or people are affected"), 90, 95),
)


def level_of(score: int) -> int:
    """Return the level, 1 to 4, of a score of 0 to 100."""
    return max(level.number for level in LEVELS if score >= level.least)


def level(number: int) -> Level:
    return LEVELS[min(max(number, 1), len(LEVELS)) - 1]
