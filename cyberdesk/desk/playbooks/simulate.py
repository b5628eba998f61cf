"""Runs a playbook against a scripted case on a virtual clock, with no effect on anything."""

import heapq
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any, Protocol

from cyberdesk.desk.playbooks.engine import FINAL_RUN, Command, Library, Reason, new_state, reasons
from cyberdesk.desk.playbooks.engine.loop import advance_in_place
from cyberdesk.desk.playbooks.engine.state import milliseconds, moment, next_due
from cyberdesk.desk.playbooks.program import Program
from cyberdesk.desk.playbooks.values import Value

BEGIN = datetime(2026, 11, 23, 7, 40, tzinfo=UTC)
_MOST_EVENTS = 5_000
MINUTE = 60_000


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer that comes `after` milliseconds; None in its place means that none comes."""

    answer: str = "done"
    values: Mapping[str, Any] = field(default_factory=dict)
    after: int = 10 * MINUTE


@dataclass(frozen=True, slots=True)
class Effect:
    """What an action comes to: `done`, `failed`, `unknown` or `lost`."""

    outcome: str = "done"
    output: Mapping[str, Any] = field(default_factory=dict)
    permanent: bool = False
    repeatable: str = "idempotent"
    after: int = 1_000


class Script(Protocol):
    """A case as it might go: what people answer, what effects come to, what happens beside.

    `variables` are given from outside, as a playbook that calls this one would.
    """

    @property
    def facts(self) -> Mapping[str, Value]: ...
    @property
    def variables(self) -> Mapping[str, Value]: ...
    def reply(self, question: Command) -> Reply | None: ...
    def effect(self, action: Command) -> Effect: ...
    def joins(self, call: Command) -> str | None:
        """Say how the playbook stands in another run of the case; None: nobody has begun it."""
        ...

    def events(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Yield (milliseconds from the beginning, event): signals, cancel, pause…"""
        ...


@dataclass(frozen=True, slots=True)
class Smooth:
    """Everybody answers `done` with what `answers` says; every effect succeeds."""

    facts: Mapping[str, Value] = field(default_factory=dict)
    answers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    replies: Mapping[str, Reply | None] = field(default_factory=dict)
    effects: Mapping[str, Effect] = field(default_factory=dict)
    happenings: tuple[tuple[int, dict[str, Any]], ...] = ()
    variables: Mapping[str, Value] = field(default_factory=dict)
    joined: Mapping[str, str] = field(default_factory=dict)

    def joins(self, call: Command) -> str | None:
        return self.joined.get(_key(call))

    def reply(self, question: Command) -> Reply | None:
        key = _key(question)
        if key in self.replies:
            return self.replies[key]
        return Reply(_USUAL.get(question["kind"], "done"), self.answers.get(key, {}))

    def effect(self, action: Command) -> Effect:
        return self.effects.get(_key(action), Effect())

    def events(self) -> Iterator[tuple[int, dict[str, Any]]]:
        yield from self.happenings


_USUAL = {
    "task": "done",
    "confirm": "agree",
    "approve": "agree",
    "verify": "done",
    "review": "go_on",
    "decide": "true",
}


def _key(command: Command) -> str:
    """Return the step's own name: the last part of its path."""
    return str(command["path"]).replace(">", "/").rpartition("/")[2]


@dataclass(slots=True)
class Trace:
    """What happened: commands with their instants, ways taken, and how it stands at the end."""

    status: str
    outcome: str | None
    commands: list[tuple[datetime, Command]]
    ways: set[tuple[str, str]]
    waiting: list[Reason]
    variables: dict[str, Value]
    state: dict[str, Any]

    def steps(self) -> list[tuple[str, str]]:
        """Return (path, status) of every step that ended, in order."""
        return [
            (c["path"], c["status"])
            for _, c in self.commands
            if c["do"] == "step" and c["status"] in ("done", "failed", "skipped", "withdrawn")
        ]

    def did(self, do: str) -> list[Command]:
        return [command for _, command in self.commands if command["do"] == do]


def simulate(library: Library, program: Program, script: Script) -> Trace:
    """Return the trace of `program` under `script`; it ends when the run does, or nothing comes."""
    return _Simulation(library, program, script).run()


class _Simulation:
    def __init__(self, library: Library, program: Program, script: Script) -> None:
        self.library, self.script = library, script
        self.state = new_state(program, script.facts, script.variables)
        self.now = self.begin = milliseconds(BEGIN)
        self.order = count()
        self.coming: list[tuple[int, int, dict[str, Any]]] = []
        self.commands: list[tuple[datetime, Command]] = []

    def run(self) -> Trace:
        for after, event in self.script.events():
            self._expect(after, event)
        self._advance({"type": "start"})
        for _ in range(_MOST_EVENTS):
            coming = self._next()
            if coming is None or self.state["status"] in FINAL_RUN:
                break
            self._advance(coming)
        return self._trace()

    def _next(self) -> dict[str, Any] | None:
        """Move the clock to what comes first: a scripted event, or a timer of the run."""
        due = next_due(self.state)
        if self.coming and (due is None or self.coming[0][0] <= due):
            self.now, _, event = heapq.heappop(self.coming)
            return event
        if due is None:
            return None
        self.now = max(self.now, due)
        return {"type": "tick"}

    def _advance(self, event: dict[str, Any]) -> None:
        commands = advance_in_place(self.library, self.state, event, self.now)
        at = moment(self.now)
        for command in commands:
            self.commands.append((at, command))
            self._react(command)

    def _react(self, command: Command) -> None:
        match command["do"]:
            case "ask":
                reply = self.script.reply(command)
                if reply is not None:
                    self._expect(reply.after, _answer(command, reply))
            case "act":
                effect = self.script.effect(command)
                self._expect(effect.after, _result(command, effect))
            case "join":
                self._expect(0, _joined(command, self.script.joins(command)))
            case "again":
                self._expect(0, {"type": "tick"})

    def _expect(self, after: int, event: dict[str, Any]) -> None:
        heapq.heappush(self.coming, (self.now + after, next(self.order), event))

    def _trace(self) -> Trace:
        moves = {(c["start"], c["end"]) for _, c in self.commands if c["do"] == "move"}
        return Trace(
            status=self.state["status"],
            outcome=self.state["outcome"],
            commands=self.commands,
            ways=moves,
            waiting=reasons(self.library, self.state),
            variables=self.state["contexts"][""]["vars"],
            state=self.state,
        )


def _joined(call: Command, how: str | None) -> dict[str, Any]:
    told = {"path": call["path"], "ticket": call["ticket"], "how": how}
    return {"type": "joined", **told, "outcome": "done", "values": {}}


def _answer(question: Command, reply: Reply) -> dict[str, Any]:
    return {
        "type": "answer",
        "path": question["path"],
        "ticket": question["ticket"],
        "answer": reply.answer,
        "values": dict(reply.values),
    }


def _result(action: Command, effect: Effect) -> dict[str, Any]:
    checked = action["check"] and effect.outcome not in ("done", "not_done")
    return {
        "type": "result",
        "path": action["path"],
        "ticket": action["ticket"],
        "outcome": "not_done" if checked else effect.outcome,
        "class": effect.repeatable,
        "output": dict(effect.output),
        "permanent": effect.permanent,
        "code": "scripted",
        "message": "as the script says",
    }
