"""A rehearsal as its author reads it: what happens when, and which ways nobody has taken yet."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from cyberdesk.core.text import _, bilingual, language
from cyberdesk.core.web.formatting import duration
from cyberdesk.desk.playbooks.engine import Command
from cyberdesk.desk.playbooks.graph import edges
from cyberdesk.desk.playbooks.program import Program
from cyberdesk.desk.playbooks.rehearsal import Coverage, Way, explore
from cyberdesk.desk.playbooks.shelf import shelf
from cyberdesk.desk.playbooks.shown.plan import SIDE
from cyberdesk.desk.playbooks.shown.run import STATUSES
from cyberdesk.desk.playbooks.shown.words import Speaker
from cyberdesk.desk.playbooks.simulate import BEGIN, Script, Trace, simulate
from cyberdesk.desk.playbooks.steps import If, Step, Switch, While
from cyberdesk.desk.playbooks.why import ANSWERS as WHOSE
from cyberdesk.desk.playbooks.why import sentence
from cyberdesk.desk.tasks.view import ANSWERS

Library = Mapping[str, Program]


@dataclass(frozen=True, slots=True)
class Moment:
    """A line of the trace: when, which step, what happened; `tone` as of a badge."""

    after: str
    title: str
    what: str
    tone: str = "neutral"


@dataclass(frozen=True, slots=True)
class Played:
    """One play, from its beginning to its end or to where it stands still."""

    moments: Sequence[Moment]
    status: str
    tone: str
    ending: str
    waits: Sequence[str]


@dataclass(frozen=True, slots=True)
class WayTold:
    number: int
    title: str
    label: str
    taken: bool


@dataclass(frozen=True, slots=True)
class Covered:
    """How much of a playbook was taken by plays of every sort."""

    coverage: Coverage
    ways: Sequence[WayTold]
    ends: Sequence[tuple[str, int]]

    @property
    def missing(self) -> list[WayTold]:
        return [way for way in self.ways if not way.taken]


class Stage:
    """A program that may not be published, with those that it calls.

    They are taken from `beside`; without it, from what is published here.
    """

    def __init__(self, program: Program, beside: Library | None = None) -> None:
        self.program = program
        self.library: Library = _library(program, shelf if beside is None else beside)
        self.steps = {
            id_: (one, step) for one in self.library.values() for id_, step in one.steps.items()
        }
        titles = {hash_: one.title for hash_, one in self.library.items()}
        self.speakers = {hash_: Speaker(one, called=titles) for hash_, one in self.library.items()}

    def play(self, script: Script) -> Played:
        return self.told(simulate(self.library, self.program, script))

    def cover(self, *, seconds: float, tries: int = 2_000) -> Covered:
        coverage = explore(self.library, self.program, seconds=seconds, tries=tries)
        told = [self._way(number, way, coverage) for number, way in enumerate(coverage.ways)]
        ends = [(self._outcome(name), count) for name, count in coverage.ends.most_common()]
        return Covered(coverage, told, ends)

    def told(self, trace: Trace) -> Played:
        word, tone, _sign = STATUSES[trace.status]
        waits = [f"{bilingual(one.title)} : {sentence(one)}" for one in trace.waiting]
        return Played(
            list(self._moments(trace)),
            str(word),
            tone,
            self._outcome(trace.outcome) if trace.outcome else "",
            waits,
        )

    def _outcome(self, name: str) -> str:
        known = self.program.outcomes.get(name)
        return bilingual(known) if known else str(STATUSES[name][0]) if name in STATUSES else name

    def _way(self, number: int, way: Way, coverage: Coverage) -> WayTold:
        program, step = self.steps[way.start]
        speaker = self.speakers[program.hash]
        label = speaker.way(step, way.how) if way.how != "next" else ""
        to = speaker.title(self.steps[way.end][1]) if way.end in self.steps else ""
        said = f"{label} → {to}" if label and to else label or to
        return WayTold(number, speaker.title(step) or step.key, said, way in coverage.taken)

    # -- the trace

    def _moments(self, trace: Trace) -> Iterator[Moment]:
        hows = {(way.start, way.end): way.how for way in self._all_ways()}
        for at, command in trace.commands:
            after = duration(at - BEGIN, language()) if at > BEGIN else "0"
            if command["do"] == "finished":
                word, tone, _sign = STATUSES[command["status"]]
                yield Moment(after, str(_("The playbook ends")), str(word), tone)
                return
            step = self.steps.get(command.get("step") or command.get("start") or "")
            if step is None:
                continue
            for what, tone in self._what(command, step[1], hows):
                yield Moment(
                    after, self.speakers[step[0].hash].title(step[1]) or step[1].key, what, tone
                )

    def _what(
        self, command: Command, step: Step, hows: Mapping[tuple[str, str], str]
    ) -> Iterator[tuple[str, str]]:
        match command["do"]:
            case "ask":
                whose = WHOSE.get(command["who"], command["who"])
                yield str(_("Waits for %(whose)s", whose=whose)), "info"
            case "act":
                said = _(
                    "%(action)s is called, attempt %(number)s",
                    action=command["action"],
                    number=command["attempt"],
                )
                yield str(said), "info"
            case "step":
                yield from self._step(command, step)
            case "move":
                yield from self._move(command, step, hows)

    def _step(self, command: Command, step: Step) -> Iterator[tuple[str, str]]:
        status, answer = command["status"], command["answer"]
        if status == "done" and step.line.get("kind") in ("task", "do", "wait"):
            yield str(ANSWERS.get(answer or "done", answer)), "good"
        elif status == "failed":
            yield str(_("Failed")), "critical"
        elif status in ("skipped", "withdrawn"):
            yield str(_("No longer needed")), "neutral"

    def _move(
        self, command: Command, step: Step, hows: Mapping[tuple[str, str], str]
    ) -> Iterator[tuple[str, str]]:
        how = hows.get((command["start"], command["end"]), "next")
        if how in SIDE or (isinstance(step, If | Switch | While) and how != "next"):
            program, _from = self.steps[command["start"]]
            yield (
                self.speakers[program.hash].way(step, how),
                "serious" if how in SIDE else "neutral",
            )

    def _all_ways(self) -> Iterator[Way]:
        for program in self.library.values():
            for step in program.steps.values():
                for edge in edges(step):
                    yield Way(edge.start, edge.end, edge.why)


def _library(program: Program, beside: Library) -> dict[str, Program]:
    found = {program.hash: program}
    waiting = list(program.pinned())
    while waiting:
        called = waiting.pop()
        if called not in found and called in beside:
            found[called] = beside[called]
            waiting += beside[called].pinned()
    return found
