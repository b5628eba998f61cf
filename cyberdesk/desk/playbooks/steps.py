"""A playbook's steps as the engine sees them: one frozen class per kind."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cyberdesk.desk.playbooks.conditions import Condition
from cyberdesk.desk.playbooks.texts import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """`within` ms of the opening, or of the instant that variable `since` holds."""

    within: int
    since: str | None = None
    breach: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """Times are in milliseconds; `timeout` bounds one attempt."""

    attempts: int = 1
    first: int = 30_000
    longest: int = 3_600_000
    exponential: bool = True
    timeout: int = 30_000

    def pause(self, attempt: int) -> int:
        """Return how long to wait after the `attempt`-th failed attempt (from 1)."""
        factor = 2 ** min(attempt - 1, 30) if self.exponential else 1
        return min(self.first * factor, self.longest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """`next` is None where CACAO leaves it out: the branch ends there."""

    id: str
    key: str
    title: Text
    phase: str | None = None
    next: str | None = None
    on_failure: str | None = None
    delay: int = 0
    timeout: int = 0
    on_timeout: str | None = None
    deadline: Deadline | None = None
    undo: str | None = None
    line: Mapping[str, Any] = field(default_factory=dict)  # our extension, as published


@dataclass(frozen=True, slots=True, kw_only=True)
class Start(Step):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class End(Step):
    """With `final`, ends the whole playbook and not only its branch."""

    outcome: str = "done"
    final: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Task(Step):
    who: str
    content: Mapping[str, Any] = field(default_factory=dict)
    ask: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    remind: tuple[int, ...] = ()
    approve: str | None = None
    impossible: str | None = None
    unknown: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Action(Step):
    action: str
    input: Mapping[str, Any] = field(default_factory=dict)
    out: Mapping[str, str] = field(default_factory=dict)
    retry: Retry = field(default_factory=Retry)
    once_per: str = "step"
    approve: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait(Step):
    """For `length` ms, until the instant in variable `until`, or for a signal.

    `named`: its author says what it waits for.
    """

    length: int = 0
    until: str | None = None
    signal: str | None = None
    named: bool = False
    out: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class If(Step):
    """`condition` is None when it is not understood: a person decides."""

    source: str
    condition: Condition | None
    on_true: str
    on_false: str | None = None
    unknown: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch(Step):
    variable: str
    cases: Mapping[str, str]
    default: str | None = None
    unknown: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class While(Step):
    source: str
    condition: Condition | None
    body: str
    most: int
    unknown: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parallel(Step):
    """First steps of the strands, by the strand's name."""

    strands: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Step):
    """Runs another playbook, pinned by content hash; `playbook` is its name for people.

    `once_per` case: one that another run of the case has begun is joined, not begun again.
    """

    playbook: str
    pinned: str
    once_per: str = "step"
    input: Mapping[str, Any] = field(default_factory=dict)
    out: Mapping[str, str] = field(default_factory=dict)


Owner = If | Switch | While | Parallel | Call
