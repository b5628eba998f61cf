"""The state of reading one file: where we are, what was found, which variables are spoken of."""

import re
from dataclasses import dataclass, field, replace
from typing import Any

from cyberdesk.desk.playbooks.language.findings import Findings, Place
from cyberdesk.desk.playbooks.language.nodes import Node

NAME = re.compile(r"[a-z][a-z0-9_]{0,59}\Z")
_REFERENCE = re.compile(r"\{\{|\}\}|\{([a-z][a-z0-9_]*)\}|[{}]")


@dataclass(frozen=True, slots=True)
class Reference:
    """A variable spoken of somewhere, to be checked once all are declared."""

    variable: str
    place: Place


@dataclass(frozen=True, slots=True)
class Reading:
    """One per level of nesting; findings and references are shared by all."""

    findings: Findings
    path: tuple[str, ...] = ()
    references: list[Reference] = field(default_factory=list)

    def into(self, *names: object) -> "Reading":
        return replace(self, path=(*self.path, *map(str, names)))

    def fault(self, code: str, at: Node | Place, **facts: object) -> None:
        place = at if isinstance(at, Place) else at.place
        self.findings.add(code, replace(place, path=".".join(self.path)), **facts)

    def refer(self, variable: str, at: Node) -> None:
        place = replace(at.place, path=".".join(self.path))
        self.references.append(Reference(variable, place))

    def template(self, text: str, at: Node) -> str:
        """Return `text` with `{name}` as CACAO writes it, `__name__:value`."""

        def spelled(found: re.Match[str]) -> str:
            if found.group() in ("{{", "}}"):
                return found.group()[0]
            if not found.group(1):
                self.fault("lone-brace", at, text=text)
                return found.group()
            self.refer(found.group(1), at)
            return f"__{found.group(1)}__:value"

        return _REFERENCE.sub(spelled, text)


def plain(value: Any) -> bool:
    return isinstance(value, str | int | float | bool) or value is None
