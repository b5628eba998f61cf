"""Which kind of attack the answers look like, how surely, and why.

A proposal, never a decision: the responder confirms or changes it. Signs add up like independent
witnesses (noisy-or), so that another sign never makes a kind less likely unless it speaks against.
"""

from dataclasses import dataclass
from functools import cache
from math import prod
from typing import Annotated

from pydantic import Field

from cyberdesk.strands.cyber.content import Entry, Text, read
from cyberdesk.strands.cyber.questionnaire import Answers
from cyberdesk.strands.cyber.questionnaire.rules import When
from cyberdesk.strands.cyber.taxonomy import UNKNOWN, load_attack_types

PROPOSED_FROM = 0.2
CONVINCING_FROM = 0.5
CERTAINTY_CAP = 0.97  # answers on a phone never prove a kind of attack

Share = Annotated[float, Field(gt=0, lt=1)]


class Sign(Entry):
    when: When
    weight: Share
    because: Text


class CounterSign(Entry):
    when: When
    keep: Share
    because: Text


class Signs(Entry):
    signs: tuple[Sign, ...]
    against: tuple[CounterSign, ...] = ()


@dataclass(frozen=True, slots=True)
class AttackTypeProposal:
    """A kind of attack (a name of `attack_types.yaml`) with its RSIT types and reasons."""

    type: str
    rsit: tuple[str, ...]
    confidence: float
    reasons: tuple[Text, ...]


@cache
def load_signs() -> dict[str, Signs]:
    return {name: Signs.model_validate(entry) for name, entry in read("signs.yaml").items()}


def classify(answers: Answers) -> list[AttackTypeProposal]:
    """Return the kinds that the answers speak for, the likeliest first.

    When none convinces, the last one is `unknown`, so that the list is never empty.
    """
    found = [_weigh(name, signs, answers) for name, signs in load_signs().items()]
    likely = sorted(
        (proposal for proposal in found if proposal.confidence >= PROPOSED_FROM),
        key=lambda proposal: -proposal.confidence,
    )
    if not likely or likely[0].confidence < CONVINCING_FROM:
        likely.append(_unknown(likely))
    return likely


def _weigh(name: str, signs: Signs, answers: Answers) -> AttackTypeProposal:
    seen = [sign for sign in signs.signs if sign.when.holds(answers)]
    against = [sign for sign in signs.against if seen and sign.when.holds(answers)]
    doubt = prod(1 - sign.weight for sign in seen)
    confidence = (1 - doubt) * prod(sign.keep for sign in against)
    return AttackTypeProposal(
        type=name,
        rsit=load_attack_types()[name].rsit,
        confidence=round(min(confidence, CERTAINTY_CAP), 2),
        reasons=(*(sign.because for sign in seen), *(sign.because for sign in against)),
    )


def _unknown(likely: list[AttackTypeProposal]) -> AttackTypeProposal:
    best = likely[0].confidence if likely else 0.0
    kind = load_attack_types()[UNKNOWN]
    return AttackTypeProposal(kind.name, kind.rsit, round(1 - best, 2), (kind.plain,))
