"""The words in which a case is told and closed. A strand adds its own in its `wire`.

Codes are kept in the rows and never change; the texts may be made better at any time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from cyberdesk.core.text import Text, _, bilingual

Said = Text | Mapping[str, str]
Words = Mapping[str, Said]

INCIDENT = "incident"
FALSE_ALARM = "false-alarm"
INFORMATION = "information"
OUTCOMES: Words = {
    INCIDENT: _("Incident dealt with"),
    FALSE_ALARM: _("False alarm"),
    INFORMATION: _("Request for information"),
    "duplicate": _("Duplicate of another case"),
}
# STIX 2.1 Incident Core extension, incident-determination-ov.
DETERMINATIONS: Words = {
    "confirmed": _("Confirmed: the attack succeeded"),
    "suspected": _("Suspected: it cannot be confirmed"),
    "failed-attempt": _("Failed attempt"),
    "blocked": _("Blocked by a protection"),
    "false-positive": _("Nothing malicious"),
}
CAUSES: Words = {
    "phishing": _("Phishing, a trap that somebody opened"),
    "stolen-password": _("Stolen, guessed or reused password"),
    "no-second-factor": _("Access without a second factor"),
    "unpatched": _("Known flaw, not corrected"),
    "exposed-service": _("Remote access or service open to the Internet"),
    "supplier": _("Supplier, software editor or grouping compromised"),
    "human-error": _("Mistake or lost equipment"),
    "insider": _("Someone from inside"),
    "other": _("Something else"),
    "unknown": _("Not established"),
}
# STIX 2.1 Incident Core extension, impact categories, as a commune meets them.
DAMAGES: Words = {
    "none": _("None"),
    "availability": _("Services stopped or slowed"),
    "confidentiality": _("Data read or taken"),
    "integrity": _("Data or pages changed"),
    "data-lost": _("Data lost for good"),
    "monetary": _("Money lost"),
    "external": _("Residents, partners or other towns reached"),
    "physical": _("Equipment or an installation damaged"),
    "unknown": _("Not established"),
}
PEOPLE: Words = {
    "declarant": _("Declarant"),
    "mayor": _("Mayor"),
    "director": _("Director of services"),
    "it": _("IT of the town"),
    "provider": _("IT provider"),
    "dpo": _("Data protection officer"),
    "insurer": _("Insurer"),
    "police": _("Police or gendarmerie"),
    "other": _("Other"),
}
WAITS: Words = {
    "commune": _("the town hall"),
    "provider": _("the provider"),
    "responder": _("us"),
    "mayor": _("the mayor"),
    "dpo": _("the data protection officer"),
    "engine": _("the playbook"),
}
CALLS: Words = {
    "reached": _("Reached"),
    "no-answer": _("No answer"),
    "message-left": _("Message left"),
    "wrong-number": _("Wrong number"),
    "they-called": _("They called"),
}


@dataclass(frozen=True, slots=True)
class Dimension:
    """One side of the damage (services, data, money…): one of its values, or several of them."""

    title: Said
    values: Words
    several: bool = False


EFFECTS: Mapping[str, Dimension] = {
    "effect": Dimension(_("What was damaged"), DAMAGES, several=True)
}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A strand's words: its types of case, and how its cases end."""

    subjects: Words = field(default_factory=dict)
    determinations: Words = field(default_factory=lambda: DETERMINATIONS)
    causes: Words = field(default_factory=lambda: CAUSES)
    damages: Mapping[str, Dimension] = field(default_factory=lambda: EFFECTS)

    def damage(self, code: str) -> str:
        """Say a damage, kept as `dimension/value`."""
        side, _slash, value = code.partition("/")
        found = self.damages.get(side)
        return f"{spoken(found.title)} : {said(found.values, value)}" if found else code

    def knows_damage(self, code: str) -> bool:
        side, _slash, value = code.partition("/")
        return side in self.damages and value in self.damages[side].values


_GENERAL = Vocabulary()
_by_strand: dict[str, Vocabulary] = {}


def register(strand: str, vocabulary: Vocabulary) -> None:
    _by_strand[strand] = vocabulary


def strands() -> frozenset[str]:
    """Return the strands that have words of their own."""
    return frozenset(_by_strand)


def vocabulary_of(strand: str) -> Vocabulary:
    """Return the words of `strand`, or the general ones."""
    return _by_strand.get(strand, _GENERAL)


def subjects() -> dict[str, Said]:
    """Return every strand's types of case."""
    return {code: said for held in _by_strand.values() for code, said in held.subjects.items()}


def said(words: Words, code: str | None) -> str:
    """Say a code in the language of the moment; an unknown one is shown as it is."""
    found = words.get(code or "")
    return code or "" if found is None else spoken(found)


def spoken(text: Said) -> str:
    """Say a text of either kind in the language of the moment."""
    return str(text) if isinstance(text, Text) else bilingual(text)
