"""The card of a case on the desk that says what triage found, and what was made of it."""

from typing import Any

from flask import render_template, url_for
from markupsafe import Markup

from cyberdesk.core.access import Actor
from cyberdesk.core.errors import NotFoundError
from cyberdesk.core.text import Text, _, bilingual, language
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases.cards import qualification
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.cases.panels import CaseAction, CasePanel
from cyberdesk.desk.cases.story import Story
from cyberdesk.strands.cyber.case_facts import triage_of
from cyberdesk.strands.cyber.content import Text as Words
from cyberdesk.strands.cyber.known import WORDS, known, label_of
from cyberdesk.strands.cyber.models import Triage
from cyberdesk.strands.cyber.taxonomy import load_attack_types, load_rsit

STRAND = "cyber"
_MOST = 3


def render(actor: Actor, case: Case) -> Markup | None:
    found = triage_of(case) if case.strand == STRAND else None
    if found is None:
        return qualification(actor, case)
    page = render_template(
        "cyber/triage.html",
        case=case,
        found=found,
        settled=_settled(found),
        proposals=proposals(case),
        lookalikes=_lookalikes(actor, found),
    )
    return Markup(page)  # noqa: S704  # made by our own autoescaped template


def facts_card(_actor: Actor, case: Case) -> Markup | None:
    """Say what was corrected, and how much is known."""
    if case.strand != STRAND:
        return None
    facts = known(case)
    page = render_template("cyber/known.html", case=case, facts=facts)
    return Markup(page)  # noqa: S704  # made by our own autoescaped template


def proposals(case: Case) -> list[dict[str, Any]]:
    """Return what the answers look like, the likeliest first, in the reader's language."""
    found = triage_of(case)
    return [_proposal(one) for one in (found.types if found else [])[:_MOST]]


def _proposal(one: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": one["type"],
        "label": _say(load_attack_types()[one["type"]].label),
        "confidence": one["confidence"],
        "reasons": [bilingual(reason) for reason in one["reasons"]],
    }


def _settled(found: Triage) -> dict[str, Any] | None:
    if found.settled_type is None:
        return None
    rsit = load_rsit().get(found.settled_rsit or "")
    return {
        "label": _say(load_attack_types()[found.settled_type].label),
        "rsit": f"{_say(rsit.class_label)} · {_say(rsit.label)}" if rsit else "",
    }


def _lookalikes(actor: Actor, found: Triage) -> list[dict[str, Any]]:
    """Return the other cases of the same organisation that the reader may open, and why."""
    return [
        {"case": case, "why": _why(one)}
        for one in found.lookalikes
        if (case := _reached(actor, one["reference"]))
    ]


def _reached(actor: Actor, reference: str) -> Case | None:
    try:
        return cases.access_case(actor, reference)
    except NotFoundError:
        return None


def _why(one: dict[str, Any]) -> Text:
    if one["same_type"] and one["shortly"]:
        return _("Same kind, two days apart at most: perhaps the same affair.")
    if one["same_type"]:
        return _("Same kind, within the month.")
    return _("Declared within two days.") if one["shortly"] else _("Within the month.")


def _say(words: Words) -> str:
    return words.say(language())


def _address(case: Case) -> str:
    return url_for("cyber.settle", reference=case.reference)


def _open(_actor: Actor, case: Case) -> bool:
    return case.strand == STRAND and case.is_open


def _story(facts: Any) -> Text:
    kind, before = bilingual(facts["kind"]), bilingual(facts["before"])
    if facts.get("changed"):
        return _("Kind of attack: %(kind)s, instead of %(before)s", kind=kind, before=before)
    return _("Kind of attack confirmed: %(kind)s", kind=kind)


def _corrected(facts: Any) -> Text:
    words = {"fact": label_of(facts["fact"]), "now": WORDS[facts["after"]]}
    if facts.get("back"):
        return _("Taken as told again: %(fact)s: %(now)s", **words)
    before = WORDS[facts["before"]]
    return _("Corrected: %(fact)s: %(now)s, instead of %(before)s", before=before, **words)


# In the place of the desk's own card of that name, which shows other strands' cases.
PANEL = CasePanel("what", _("What it is"), render, "side", order=30, may="triage:read")
ACTION = CaseAction(
    "settle",
    _("Confirm or change the kind"),
    "target",
    _address,
    may="triage:settle",
    order=39,
    shown=_open,
)
FACTS = CasePanel("facts", _("What is known"), facts_card, "side", order=31, may="triage:read")
CORRECT = CaseAction(
    "facts",
    _("Correct a fact"),
    "edit",
    lambda case: url_for("cyber.facts", reference=case.reference),
    may="fact:correct",
    order=42,
    shown=_open,
)
STORIES = {
    "triage:settled": Story(_story, icon="target"),
    "fact:corrected": Story(_corrected, icon="edit"),
}
