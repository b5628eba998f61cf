"""Differences between two versions of a playbook in words, in the language of the moment."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from cyberdesk.core.text import LANGUAGES, Text, _, bilingual, language
from cyberdesk.core.web.formatting import duration
from cyberdesk.desk.playbooks.canonical import canonical
from cyberdesk.desk.playbooks.comparing import (
    ADDED,
    CHANGED,
    GONE,
    NEXT,
    Change,
    Comparison,
    StepChange,
    Title,
)
from cyberdesk.desk.playbooks.language.vocabulary import OUTCOMES
from cyberdesk.desk.playbooks.texts import as_written

_LONGEST = 160
_TIMES = {"within", "remind", "delay", "timeout", "for", "first", "longest"}
_HOW: dict[str, Callable[..., Text]] = {
    ADDED: lambda title: _("New step: %(title)s", title=title),
    GONE: lambda title: _("Step no longer there: %(title)s", title=title),
    CHANGED: lambda title: _("Changed step: %(title)s", title=title),
}
_FIELDS: dict[str, Text] = {
    NEXT: _("Goes on with"),
    "title": _("Title"),
    "summary": _("Summary"),
    "name": _("Title"),
    "description": _("Description"),
    "type": _("Kind of step"),
    "who": _("For whom"),
    "why": _("Why"),
    "how": _("How"),
    "avoid": _("Not to be done"),
    "evidence": _("Evidence to keep"),
    "phone": _("To say on the phone"),
    "no_it": _("Without IT staff"),
    "decision": _("Decision"),
    "approve": _("Who agrees"),
    "ask": _("Questions"),
    "remind": _("Reminders"),
    "within": _("Deadline"),
    "since": _("The deadline counts from"),
    "breach": _("If the time passes"),
    "impossible": _("If that is not possible here"),
    "unknown": _("If nobody knows"),
    "undo": _("If the playbook is cancelled"),
    "on_timeout": _("If it takes too long"),
    "on_failure": _("If it fails"),
    "on_true": _("If so"),
    "on_false": _("If not"),
    "default": _("Otherwise"),
    "cases": _("Cases"),
    "strands": _("At the same time"),
    "next_steps": _("At the same time"),
    "condition": _("Condition"),
    "switch": _("Depends on"),
    "max": _("Rounds at most"),
    "do": _("Action"),
    "with": _("Given to it"),
    "out": _("Kept from it"),
    "retry": _("Further attempts"),
    "once_per": _("Done once for each"),
    "phase": _("Phase"),
    "activity": _("Activity"),
    "delay": _("Wait before"),
    "timeout": _("Longest time"),
    "for": _("Waits, or is made for"),
    "until": _("Waits until"),
    "signal": _("Waits for the signal"),
    "playbook": _("Playbook called"),
    "playbook_version": _("Version of the playbook called"),
    "commands": _("Commands"),
    "agent": _("Carried out by"),
    "targets": _("On"),
    "outcome": _("Outcome"),
    "outcomes": _("Outcomes"),
    "sources": _("Sources"),
    "variables": _("Variables"),
    "playbook_variables": _("Variables"),
    "markings": _("Marking"),
    "priority": _("Priority"),
    "severity": _("Severity"),
    "impact": _("Impact"),
    "workflow_start": _("Begins with"),
    "workflow_exception": _("When a failure has no other way out"),
}


def lines(comparison: Comparison) -> Iterator[str]:
    """Yield the whole comparison, a line for each difference, those of a step indented."""
    if comparison.same:
        yield str(_("The two are the same."))
    for change in comparison.head:
        yield said(change)
    for step in comparison.steps:
        yield heading(step)
        for change in step.changes:
            yield f"  {said(change)}"


def heading(step: StepChange) -> str:
    """Say which step, and what became of it."""
    return f"{_HOW[step.how](_called(step.title))} [{step.key}]"


def said(change: Change) -> str:
    """Say one difference: `How, 2 (fr): “before” → “after”`."""
    label, before, after = field(change), value(change, change.before), value(change, change.after)
    if change.before is None:
        return str(_("%(label)s: new: %(value)s", label=label, value=after))
    if change.after is None:
        return str(_("%(label)s: no longer: %(value)s", label=label, value=before))
    return str(_("%(label)s: %(before)s → %(after)s", label=label, before=before, after=after))


def field(change: Change) -> str:
    """Name the field by the words of the page; what has none keeps its key."""
    first, *rest = change.field.split(".")
    tongue = f" ({rest.pop()})" if rest and rest[-1] in LANGUAGES else ""
    return ", ".join([str(_FIELDS.get(first, first)), *rest]) + tongue


def value(change: Change, one: Any) -> str:
    """Say the field's value: where it leads by its title, times in words, texts in quotes."""
    if isinstance(one, Title):
        return _quoted(_called(one.said))
    if isinstance(one, bool):
        return str(_("yes") if one else _("no"))
    if isinstance(one, int) and _TIMES & set(change.field.split(".")):
        return duration(timedelta(milliseconds=one), language())
    if isinstance(one, dict) and one.keys() == set(LANGUAGES):
        return _quoted(bilingual(one))
    return _quoted(one if isinstance(one, str) else _written(one))


def _written(one: Any) -> str:
    """Write what has several parts as JSON, ways to other steps by their titles."""
    return canonical(_spoken(one)).decode()


def _spoken(one: Any) -> Any:
    match one:
        case Title():
            return _called(one.said)
        case dict():
            return {name: _spoken(below) for name, below in one.items()}
        case list():
            return [_spoken(below) for below in one]
    return one


def _called(title: Any) -> str:
    return as_written(bilingual(OUTCOMES.get(title, title) if isinstance(title, str) else title))


def _quoted(text: str) -> str:
    text = as_written(" ".join(text.split()))
    short = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    return str(_("“%(text)s”", text=short))
