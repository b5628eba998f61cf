"""What a case knows, line by line: each fact, who says so, and what hangs on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from cyberdesk.core.db import session
from cyberdesk.core.text import Text, _, bilingual, language
from cyberdesk.desk.cases.levels import level
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.playbooks import service as playbooks
from cyberdesk.desk.playbooks.conditions import variables
from cyberdesk.strands.cyber.case_facts import answers_of, facts_of, told_facts, triage_of
from cyberdesk.strands.cyber.facts import FactSheet, load_facts, spoken
from cyberdesk.strands.cyber.models import FactCorrection
from cyberdesk.strands.cyber.obligations import load_obligations
from cyberdesk.strands.cyber.weighing import TOLD, severity_if

WORDS: Mapping[str, Text] = {
    "yes": _("Yes"),
    "no": _("No"),
    "unknown": _("Not known"),
    "essential": _("Essential entity"),
    "important": _("Important entity"),
    "none": _("Neither of them"),
}
_TONES = {"yes": "info", "unknown": "watch"}


@dataclass(frozen=True, slots=True)
class Known:
    """A fact of a case: `said` is what holds, `told` what the answers tell, `by` who says so."""

    name: str
    label: str
    said: str
    told: str
    by: Text
    correction: FactCorrection | None  # the latest one, when it is in force

    @property
    def word(self) -> Text:
        return WORDS[self.said]

    @property
    def told_word(self) -> Text:
        return WORDS[self.told]

    @property
    def tone(self) -> str:
        return _TONES.get(self.said, "neutral")


def known(case: Case) -> list[Known]:
    """Return every fact that a responder may correct, those that nobody knows first."""
    triage, answers = triage_of(case), answers_of(case)
    holds, told, latest = facts_of(case), told_facts(case, triage), _latest(case)
    standing = triage.corrected if triage else {}
    found = [
        Known(
            name=name,
            label=label_of(name),
            said=spoken(holds[name]),
            told=spoken(told[name]),
            by=_by(sheet, told[name] is not None, sheet.told(answers) is not None),
            correction=latest.get(name) if name in standing else None,
        )
        for name, sheet in load_facts().items()
        if sheet.is_open_to_correction
    ]
    return sorted(found, key=lambda one: one.said != "unknown")


def label_of(fact: str) -> str:
    sheet = load_facts().get(fact)
    return sheet.label.say(language()) if sheet else fact


def corrections_of(case: Case, fact: str) -> Sequence[FactCorrection]:
    """Return what was ever said against the answers about a fact, the latest first."""
    wanted = select(FactCorrection).where(FactCorrection.case_id == case.id)
    wanted = wanted.where(FactCorrection.fact == fact)
    latest = wanted.order_by(FactCorrection.at.desc(), FactCorrection.id.desc())
    return session().scalars(latest).all()


def duties_on(fact: str) -> list[str]:
    """Return the titles of the legal duties that a fact decides."""
    return [
        duty.title.say(language())
        for duty in load_obligations().values()
        if duty.force != "should" and fact in variables(duty.trigger)
    ]


def playbooks_on(case: Case, fact: str) -> list[str]:
    """Return the titles of the playbooks under way in the case that are told the fact."""
    return [
        bilingual(run.title)
        for run in playbooks.runs_of(case)
        if run.is_open and f"case.{fact}" in playbooks.facts_read_by(run)
    ]


def severities_on(case: Case, one: Known) -> dict[str, Text]:
    """Say for each answer what the computed severity would become; nothing if none moves it."""
    said = (*load_facts()[one.name].answers, TOLD)
    found = {answer: severity_if(case, one.name, answer) for answer in said}
    now = case.computed_level, case.computed_severity
    would = {answer: (it.level.number, it.score) for answer, it in found.items() if it}
    if set(would.values()) <= {now}:
        return {}
    return {answer: _moves(now, then) for answer, then in would.items()}


def _moves(now: tuple[int, int], then: tuple[int, int]) -> Text:
    words = {"level": level(now[0]).name, "score": now[1]}
    if now == then:
        return _("Computed severity unchanged: %(level)s %(score)s", **words)
    words |= {"to_level": level(then[0]).name, "to_score": then[1]}
    return _("Computed severity: %(level)s %(score)s → %(to_level)s %(to_score)s", **words)


def _by(sheet: FactSheet, told: bool, answered: bool) -> Text:
    if sheet.told_by == "case":
        return _("The directory") if told else _("The directory does not say")
    if answered:
        return _("The declaration")
    return _("The kind of attack") if told else _("Nobody has said")


def _latest(case: Case) -> dict[str, FactCorrection]:
    wanted = select(FactCorrection).where(FactCorrection.case_id == case.id)
    rows = session().scalars(wanted.order_by(FactCorrection.at, FactCorrection.id))
    return {row.fact: row for row in rows}
