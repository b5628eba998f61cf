"""What is wrong with a playbook, where, and how to mend it, in French and English."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from cyberdesk.desk.playbooks.language.messages import MESSAGES


class Severity(StrEnum):
    ERROR = "error"  # not published, not run
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Place:
    """Where: line and column from 1 (0 when there is no text), and the path of keys."""

    line: int = 0
    column: int = 0
    path: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault. `code` is stable; `facts` fill the sentences."""

    code: str
    place: Place
    facts: dict[str, str] = field(default_factory=dict)

    @property
    def severity(self) -> Severity:
        return Severity(MESSAGES[self.code].severity)

    def what(self, language: str = "fr") -> str:
        return MESSAGES[self.code].what[language].format_map(self.facts)

    def mend(self, language: str = "fr") -> str:
        return MESSAGES[self.code].mend[language].format_map(self.facts)

    def line(self, name: str, language: str = "fr") -> str:
        """Return one line for a terminal: `file:12:5: error[code]: what. How to mend.`"""
        at = f"{name}:{self.place.line}:{self.place.column}"
        return f"{at}: {self.severity}[{self.code}]: {self.what(language)} {self.mend(language)}"


class Findings:
    """Gathers faults while a file is read, so that an author sees them all at once."""

    _MOST = 200

    def __init__(self) -> None:
        self.all: list[Finding] = []

    def add(self, code: str, place: Place, **facts: object) -> None:
        finding = Finding(code, place, {name: _short(fact) for name, fact in facts.items()})
        if len(self.all) < self._MOST and finding not in self.all:
            self.all.append(finding)

    @property
    def errors(self) -> list[Finding]:
        return [finding for finding in self.all if finding.severity is Severity.ERROR]

    def __iter__(self) -> Iterator[Finding]:
        return iter(sorted(self.all, key=lambda f: (f.place.line, f.place.column)))

    def __len__(self) -> int:
        return len(self.all)


class PlaybookError(ValueError):
    """The playbook cannot be used; `findings` say why."""

    def __init__(self, findings: Findings) -> None:
        super().__init__("; ".join(f.line("playbook", "en") for f in findings.errors[:5]))
        self.findings = findings


def _short(fact: object) -> str:
    text = str(fact)
    return text if len(text) <= 80 else text[:79] + "…"  # noqa: PLR2004  # a line of a terminal
