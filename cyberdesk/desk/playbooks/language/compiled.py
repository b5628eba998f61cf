"""A playbook read and understood, whichever way it was written."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from cyberdesk.desk.playbooks.language.cacao import extension_of
from cyberdesk.desk.playbooks.language.findings import Findings, Place

Cacao = dict[str, Any]
AUTHORED, STANDARD = "cyberdesk", "cacao"  # the two ways to write a playbook


@dataclass(frozen=True, slots=True)
class Pin:
    """The version of another playbook that a `playbook:` step is bound to."""

    hash: str
    modified: str


# From our name or CACAO's id of a playbook (and CACAO's version, when asked for) to what is bound.
Resolve = Callable[..., Pin | None]


@dataclass(frozen=True, slots=True)
class Compiled:
    """A playbook in its one internal form, and where each of its steps was written.

    `pins`: step → content hash of the playbook called, where the text itself cannot say it.
    """

    cacao: Cacao
    hash: str
    findings: Findings
    places: dict[str, Place]
    notation: str = AUTHORED
    pins: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        held = extension_of(self.cacao, "playbook_extensions")
        return str(held.get("name") or self.cacao.get("id", ""))


def nothing_pinned(_name: str, _modified: str | None = None) -> Pin | None:
    return None
