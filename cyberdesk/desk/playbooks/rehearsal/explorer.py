"""Finds plays that take ways not taken yet, by changing plays that have found some."""

import random
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from cyberdesk.desk.playbooks.conditions import evaluate, variables
from cyberdesk.desk.playbooks.engine import FINAL_RUN, Library
from cyberdesk.desk.playbooks.program import Program
from cyberdesk.desk.playbooks.rehearsal.chooser import CANCEL, Chooser, Plan, habit
from cyberdesk.desk.playbooks.rehearsal.guesses import Guesses
from cyberdesk.desk.playbooks.rehearsal.ways import Way, ways_of
from cyberdesk.desk.playbooks.simulate import Trace, simulate
from cyberdesk.desk.playbooks.steps import If, Step, Switch, Wait, While
from cyberdesk.desk.playbooks.values import Value

_AFRESH = 0.15  # of plays change no other
_NEAR = 0.7  # of changes are made near a way not taken
_STUBBORN = 0.2  # of plays give the same answer each time
_AIMED, _ASSIGNMENTS = 0.3, 200
_RECENT, _MOST_OPTIONS = 40, 12
_TRUTHS = {"true": True, "round": True, "false": False, "undecided": None}


@dataclass(frozen=True, slots=True)
class Play:
    """One play: what was chosen, by what was asked, and where it led."""

    choices: Mapping[str, int]
    trace: Trace
    came_to: frozenset[str]  # steps


@dataclass(slots=True)
class Coverage:
    """What plays have shown of a playbook: ways taken, each with a play that takes it."""

    ways: Sequence[Way]
    taken: dict[Way, Play] = field(default_factory=dict)
    plays: int = 0
    ends: Counter[str] = field(default_factory=Counter)  # outcomes, or the status without one
    unfinished: list[Play] = field(default_factory=list)  # stood still though everybody answered

    @property
    def missing(self) -> list[Way]:
        return [way for way in self.ways if way not in self.taken]

    @property
    def share(self) -> float:
        """Return the share of ways taken, from 0 to 1."""
        return len(self.taken) / len(self.ways) if self.ways else 1.0


def explore(
    library: Library,
    program: Program,
    *,
    tries: int = 2_000,
    seconds: float = 20.0,
    seed: int = 0,
    ways: Sequence[Way] | None = None,
) -> Coverage:
    """Play until every way is taken, or `tries` or `seconds` are over.

    The same seed plays the same. `ways` are those of `program` unless others are named, such as
    those of the playbooks that it calls.
    """
    wanted = ways_of(library, program) if ways is None else ways
    explorer = _Explorer(library, program, wanted, seed)
    end = time.monotonic() + seconds
    while explorer.coverage.plays < tries and time.monotonic() < end:
        explorer.play_once()
        if not explorer.coverage.missing:
            break
    return explorer.coverage


class _Explorer:
    def __init__(self, library: Library, program: Program, ways: Sequence[Way], seed: int) -> None:
        self.library, self.program = library, program
        self.dice = random.Random(seed)  # noqa: S311  # chooses plays, keeps no secret
        self.coverage = Coverage(ways)
        self.by_pair = {way.pair: way for way in ways}
        self.guesses = Guesses(_called(library, program))
        self.steps = {i: step for one in self.guesses.programs for i, step in one.steps.items()}
        self.kept: list[Play] = []
        self.seen: set[object] = set()

    def play_once(self) -> None:
        plan = Plan(self._given(), self._habits(), self._aim())
        script = Chooser(self.guesses, self.program, plan, self.dice)
        trace = simulate(self.library, self.program, script)
        came_to = frozenset(step for pair in trace.ways for step in pair)
        play = Play(script.chosen, trace, came_to)
        self._note(play)

    def _given(self) -> Mapping[str, int] | None:
        """Return what the next play is to choose: an earlier one's choices, a few changed.

        None, for the very first, is the usual throughout.
        """
        if not self.coverage.plays:
            return None
        if not self.kept or self.dice.random() < _AFRESH:
            return {}
        given = dict(self._parent().choices)
        near = self._near_missing(given)
        for _change in range(self.dice.choice((1, 1, 2, 3))):
            if given:
                pool = near if near and self.dice.random() < _NEAR else list(given)
                given.pop(self.dice.choice(pool), None)
        return given

    def _parent(self) -> Play:
        """Return a play to change: rather one that came to where a way is still to be taken."""
        way = self.dice.choice(self.coverage.missing)
        close = [play for play in self.kept if way.start in play.came_to]
        if close and self.dice.random() < _NEAR:
            return self.dice.choice(close)
        return self.dice.choice(self.kept[-_RECENT:])

    def _near_missing(self, given: Mapping[str, int]) -> list[str]:
        """Return the choices that a way not taken may hang on: made there, or spoken of there."""
        starts = [self.steps[way.start] for way in self.coverage.missing if way.start in self.steps]
        keys = {step.key for step in starts}
        if any(way.how == "undo" for way in self.coverage.missing):
            keys.add(CANCEL.partition(":")[0])
        spoken = {name for step in starts for name in self._speaks_of(step)}
        return [
            key
            for key in given
            if key.partition(":")[0] in keys or key.rpartition(":")[2] in spoken
        ]

    def _speaks_of(self, step: Step) -> Iterator[str]:
        """Yield the variables and signals that decide where a step goes, the facts behind them."""
        match step:
            case If() | While() if step.condition is not None:
                names = variables(step.condition)
            case Switch():
                names = [step.variable]
            case Wait():
                names = [step.signal or ""]
            case _:
                names = []
        for name in names:
            yield name
            for program in self.guesses.programs:
                if name in program.variables:
                    yield program.variables[name].fact or ""

    def _aim(self) -> Mapping[str, Value]:
        """Return values under which a condition goes the way that was not taken yet."""
        decided = [w for w in self.coverage.missing if w.how in _TRUTHS and w.start in self.steps]
        if not decided or not self.coverage.plays or self.dice.random() > _AIMED:
            return {}
        way = self.dice.choice(decided)
        step = self.steps[way.start]
        if not isinstance(step, If | While) or step.condition is None:
            return {}
        names = variables(step.condition)
        for _try in range(_ASSIGNMENTS):
            tried = {name: self.dice.choice(self.guesses.tried(name)) for name in names}
            if evaluate(step.condition, tried) is _TRUTHS[way.how]:
                return tried
        return {}

    def _habits(self) -> Mapping[str, int]:
        """Return answers given each time anew, so that a loop comes to its last round."""
        last = self.kept[-1].choices if self.kept else {}
        if not last or self.dice.random() > _STUBBORN:
            return {}
        near = self._near_missing(last) or list(last)
        return {habit(self.dice.choice(near)): self.dice.randrange(_MOST_OPTIONS)}

    def _note(self, play: Play) -> None:
        coverage, trace = self.coverage, play.trace
        coverage.plays += 1
        coverage.ends[trace.outcome or trace.status] += 1
        if trace.status not in FINAL_RUN:
            coverage.unfinished = [*coverage.unfinished, play][:_KEPT_UNFINISHED]
        for pair in trace.ways:
            way = self.by_pair.get(pair)
            if way is not None:
                coverage.taken.setdefault(way, play)
        fresh = set(_features(trace)) - self.seen
        if fresh:
            self.seen |= fresh
            self.kept.append(play)


_KEPT_UNFINISHED = 5


def _features(trace: Trace) -> Iterator[object]:
    """Yield what makes a play worth changing further: ways, and how often loops have turned."""
    yield from trace.ways
    for _at, command in trace.commands:
        if command["do"] == "step" and "#" in command["path"]:
            yield command["path"].rpartition("/")[0]


def _called(library: Library, program: Program) -> list[Program]:
    """Return the program and all that it calls, each once."""
    found = {program.hash: program}
    waiting = [program]
    while waiting:
        for pinned in waiting.pop().pinned():
            called = library.get(pinned)
            if called is not None and pinned not in found:
                found[pinned] = called
                waiting.append(called)
    return list(found.values())
