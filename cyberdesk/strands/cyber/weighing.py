"""What the severity weighs: the answers as given, read with what a responder has corrected since.

A fact corrected to yes brings the answers that it `stands_for`; one corrected to no, or that nobody
knows, takes them away, with those that it `falls_with`. Facts that no answer stands for (an
insurance, a category of the law) weigh nothing.
"""

from collections.abc import Iterable, Mapping

from cyberdesk.desk.cases.models import Case
from cyberdesk.strands.cyber.case_facts import answers_of, triage_of
from cyberdesk.strands.cyber.facts import FactSheet, load_facts, meant
from cyberdesk.strands.cyber.questionnaire import UNKNOWN, Answers, chosen, load_questionnaire
from cyberdesk.strands.cyber.severity import Severity, assess

EVERY = "*"  # in `falls_with`: whatever was answered
TOLD = "told"  # said of a fact: what the answers tell counts again
_NOTHING = ("none", "no")  # how a question says that there is nothing, where it can


def weighed(case: Case) -> Answers:
    """Return the answers of a case as its corrected facts make them read."""
    triage = triage_of(case)
    return reread(answers_of(case), triage.corrected if triage else {})


def severity_if(case: Case, fact: str, said: str) -> Severity | None:
    """Return the severity that would be computed if `said` held of a fact.

    None for a case opened by hand, which has no answers to weigh.
    """
    triage, answers = triage_of(case), answers_of(case)
    if not answers:
        return None
    corrected = dict(triage.corrected) if triage else {}
    corrected.pop(fact, None)
    if said != TOLD:
        corrected[fact] = said
    return assess(reread(answers, corrected), triage.settled_type if triage else None)


def reread(answers: Answers, corrected: Mapping[str, str]) -> Answers:
    """Return `answers` as they would read if they told what was `corrected`, fact by fact."""
    read = dict(answers)
    for name, sheet in load_facts().items():
        if name in corrected and sheet.told(read) != meant(corrected[name]):
            read |= _meaning(sheet, meant(corrected[name]), read)
    return read if answers else answers


def _meaning(sheet: FactSheet, said: object, answers: Answers) -> dict[str, list[str]]:
    changed = {}
    for question in dict.fromkeys((*sheet.stands_for, *sheet.falls_with)):
        given = chosen(answers, question) or {UNKNOWN}
        brought = sheet.stands_for.get(question, ())
        if said is True:
            if question in sheet.stands_for:
                changed[question] = _with(given, brought)
        else:
            gone = {*brought, *sheet.falls_with.get(question, ())}
            left = set() if EVERY in gone else given - gone
            changed[question] = sorted(left) or _empty(question, unknown=said is None)
    return changed


def _with(given: Iterable[str], brought: Iterable[str]) -> list[str]:
    """Return the options with those brought; one that nobody has named is still to be told."""
    return sorted({*given, *brought} - {UNKNOWN, *_NOTHING}) or [UNKNOWN]


def _empty(question: str, *, unknown: bool) -> list[str]:
    if unknown:
        return [UNKNOWN]
    options = load_questionnaire().questions[question].choices
    return [nothing for nothing in _NOTHING if nothing in options][:1]
