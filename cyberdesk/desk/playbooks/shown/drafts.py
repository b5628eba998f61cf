"""A text as its author sees it: what is wrong with it, what it looks like, what it needs."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from cyberdesk.core.text import language
from cyberdesk.desk.playbooks import secrets
from cyberdesk.desk.playbooks.actions import offered
from cyberdesk.desk.playbooks.drafts import check
from cyberdesk.desk.playbooks.exchange.secrets import named_in
from cyberdesk.desk.playbooks.gate import bound
from cyberdesk.desk.playbooks.language.compiled import Compiled
from cyberdesk.desk.playbooks.language.findings import Finding, Severity
from cyberdesk.desk.playbooks.program import Program, read_program
from cyberdesk.desk.playbooks.shown.lines import Composer, Part
from cyberdesk.desk.playbooks.shown.plan import plan
from cyberdesk.desk.playbooks.shown.run import called_by
from cyberdesk.desk.playbooks.shown.states import Stand
from cyberdesk.desk.playbooks.shown.words import Speaker


@dataclass(frozen=True, slots=True)
class Fault:
    """A finding in the language of the moment."""

    line: int
    column: int
    severity: str
    code: str
    what: str
    mend: str


@dataclass(frozen=True, slots=True)
class Sketch:
    """What a text comes to; `parts` is empty while too much is wrong to draw it."""

    faults: Sequence[Fault]
    parts: Sequence[Part] = ()
    program: Program | None = None
    absent: Sequence[str] = field(default_factory=tuple)  # secrets that it names and nobody set

    @property
    def errors(self) -> int:
        return sum(1 for fault in self.faults if fault.severity == Severity.ERROR)


def sketch(source: str) -> Sketch:
    """Say what the gate thinks of a text, and draw what can be drawn."""
    checked = check(source)
    faults = [told(finding) for finding in checked.findings]
    draft = checked.draft
    program = _program(draft) if draft else None
    if draft is None or program is None:
        return Sketch(faults)
    names = set(named_in(draft.cacao))
    absent = sorted(names - secrets.known(names)) if names else []
    return Sketch(faults, drawn(program), program, absent)


def told(finding: Finding) -> Fault:
    tongue = language()
    return Fault(
        finding.place.line,
        finding.place.column,
        str(finding.severity),
        finding.code,
        finding.what(tongue),
        finding.mend(tongue),
    )


def drawn(program: Program) -> list[Part]:
    """Return the list and the pictures of a program that may not be published."""
    nowhere = Stand()
    speaker = Speaker(program, called=called_by(program))
    return Composer(
        plan(program), speaker, lambda _step: nowhere, lambda _step, _stand: None, anchor="s-"
    ).parts()


def _program(draft: Compiled) -> Program | None:
    """A document with faults may be too far from a playbook to be read as one."""
    try:
        return read_program(draft.cacao, bound(draft, offered()))
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def as_plain(faults: Sequence[Fault]) -> list[dict[str, Any]]:
    """Return faults as the editor in the browser takes them."""
    return [
        {
            "line": one.line,
            "column": one.column,
            "severity": one.severity,
            "what": one.what,
            "mend": one.mend,
        }
        for one in faults
    ]
