"""How far a run has come: for each step of its programs, the state in which people see it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from cyberdesk.core.db import session
from cyberdesk.core.text import Text
from cyberdesk.desk.playbooks.engine import FINAL_RUN, Reason, reasons
from cyberdesk.desk.playbooks.engine.state import LIVE, ON_PERSON, moment
from cyberdesk.desk.playbooks.models import Run
from cyberdesk.desk.playbooks.shelf import shelf
from cyberdesk.desk.tasks import audience
from cyberdesk.desk.tasks.models import Task

# The states of ui.graph and ui.task_card: done, now, late, waiting, failed, skipped, todo.
_STATES = {
    "done": "done",
    "failed": "failed",
    "skipped": "skipped",
    "withdrawn": "skipped",
    "inside": "now",
    "acting": "waiting",
    "delayed": "waiting",
    "retrying": "waiting",
    "waiting": "waiting",
    "joining": "waiting",
}
_PRESSING = ("failed", "late", "now", "waiting")  # of several, the first that is there shows


@dataclass(frozen=True, slots=True)
class Stand:
    """Where one step of a run stands. `entry` names its latest coming; None: not reached."""

    state: str = "todo"
    path: str = ""
    entry: int | None = None
    status: str = ""
    since: datetime | None = None
    ended: datetime | None = None
    answer: str = ""
    failure: Mapping[str, str] = field(default_factory=dict)
    reason: Reason | None = None
    task: Task | None = None
    round: int = 0
    stuck: bool = False  # it failed, and nothing takes that further by itself

    @property
    def in_sum(self) -> str:
        """The state that counts for what contains it: a failure that was provided for is passed."""
        return "done" if self.state == "failed" and not self.stuck else self.state

    @property
    def who(self) -> Text | None:
        return audience.NAMES.get(self.task.who) if self.task else None

    @property
    def begun(self) -> bool:
        return self.entry is not None

    @property
    def over(self) -> bool:
        """Say whether the step was come to and has ended."""
        return self.begun and self.status not in LIVE


class States:
    """The stands of every step of a run, by context and step id."""

    def __init__(self, run: Run) -> None:
        self.run, self.state = run, run.state
        self._reasons = {r.path: r for r in reasons(shelf, self.state) if r.path}
        self._tasks = _tasks(run)
        self._latest = _latest(self.state)
        self._stuck = [p for one in self.state["contexts"].values() for p in one["dead"]]
        self.over = run.status in FINAL_RUN

    def of(self, context: str, step_id: str) -> Stand:
        """Return where a step stands; one that an ended run never came to was not needed."""
        path = self._latest.get((context, step_id))
        if path is None:
            return Stand("skipped" if self.over else "todo")
        return self.at(path)

    def at(self, path: str) -> Stand:
        one = self.state["steps"][path]
        reason = self._reasons.get(path)
        return Stand(
            state=_state(one, reason),
            path=path,
            entry=one["entry"],
            status=one["status"],
            since=moment(one.get("since") or one["begun"]),
            ended=moment(one["ended"]) if "ended" in one else None,
            answer=str(one.get("answer") or ""),
            failure=one.get("failure") or {},
            reason=reason,
            task=self._tasks.get(path),
            round=int(one.get("round", 0)),
            stuck=path in self._stuck,
        )

    def path_of(self, entry: int) -> str | None:
        """Return the path of the coming `entry`, None once the state has forgotten it."""
        found = (path for path, one in self.state["steps"].items() if one["entry"] == entry)
        return next(found, None)

    def contexts(self) -> list[str]:
        """Return the playbooks under way, or done, in this run: its own, "", then those called."""
        return sorted(self.state["contexts"], key=lambda name: (name.count(">"), name))

    def waiting(self) -> list[Stand]:
        """Return the steps that wait, late ones first, then by how long they have waited."""
        found = [self.at(path) for path in self._reasons]
        return sorted(found, key=lambda s: (s.state != "late", s.since or self.run.started_at))

    def dead(self) -> list[Stand]:
        """Return the failed steps that nothing takes further by itself."""
        return [self.at(path) for path in self._stuck]


def together(stands: list[Stand]) -> str:
    """Return the state of a box that stands for many steps."""
    held = [one.in_sum for one in stands]
    for state in _PRESSING:
        if state in held:
            return state
    if all(state in ("done", "skipped") for state in held):
        return "done" if "done" in held else "skipped"
    return "now" if "done" in held else "todo"


def _state(one: Mapping[str, Any], reason: Reason | None) -> str:
    if one["status"] in ON_PERSON:
        return "late" if reason and reason.late else "now"
    return _STATES.get(one["status"], "todo")


def _latest(state: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for path, one in sorted(state["steps"].items(), key=lambda pair: pair[1]["entry"]):
        found[one["ctx"], one["step"]] = path
    return found


def _tasks(run: Run) -> dict[str, Task]:
    wanted = select(Task).where(Task.run_id == run.id).order_by(Task.ticket)
    return {task.path: task for task in session().scalars(wanted) if task.path}
