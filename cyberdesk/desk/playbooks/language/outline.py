"""A playbook as written: blocks of steps and the routes between them, not yet laid out."""

from dataclasses import dataclass, field
from typing import Any

from cyberdesk.desk.playbooks.language.findings import Place


@dataclass(frozen=True, slots=True)
class StepSource:
    """A step: `kind` is the key that makes it one; `fields` are read values by key."""

    key: str
    kind: str
    place: Place
    fields: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Block:
    steps: tuple[StepSource, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Jump:
    """A route by name: `next`, `end`, a branch, or a step further down in the same block."""

    to: str
    place: Place


Route = Block | Jump


@dataclass(frozen=True, slots=True)
class Outline:
    head: dict[str, Any]
    steps: Block
    branches: dict[str, Block] = field(default_factory=dict)
    exception: Route | None = None
