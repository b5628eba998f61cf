"""A playbook as a list and as pictures: the same steps, order and states in both."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from cyberdesk.core.text import Text, _, language
from cyberdesk.core.web.formatting import duration
from cyberdesk.desk.playbooks.shown.chapters import (
    Chapter,
    box_of,
    chapters,
    heading,
    name_of,
    split,
)
from cyberdesk.desk.playbooks.shown.failures import told
from cyberdesk.desk.playbooks.shown.plan import Item, Plan, Way, walk
from cyberdesk.desk.playbooks.shown.states import Stand, together
from cyberdesk.desk.playbooks.shown.words import Speaker, kind_of
from cyberdesk.desk.playbooks.steps import If, Step, Switch, Task
from cyberdesk.desk.playbooks.why import sentence
from cyberdesk.desk.tasks import audience
from cyberdesk.desk.tasks.view import ANSWERS

_LABEL = 26  # letters beside an arrow
_BESIDE = 2  # boxes next to each other that fit beside the list
StandOf = Callable[[Step], Stand]
HrefOf = Callable[[Step, Stand], str | None]


@dataclass(slots=True)
class Line:
    """A step in the list."""

    id: str
    title: str
    kind: str
    stand: Stand
    who: str = ""
    note: str = ""
    href: str | None = None
    branches: list["Branch"] = field(default_factory=list)
    sides: list["Branch"] = field(default_factory=list)

    @property
    def state(self) -> str:
        return self.stand.state


@dataclass(slots=True)
class Branch:
    """What hangs below a step; `href` leads to the chapter that it is."""

    label: str
    lines: list[Line] = field(default_factory=list)
    href: str | None = None
    title: str = ""
    state: str = "todo"
    total: int = 0


@dataclass(slots=True)
class Part:
    """A chapter on the page, with its picture."""

    id: str
    title: str
    lines: list[Line]
    steps: list[Mapping[str, Any]]
    edges: list[tuple[str, str, str]]
    state: str
    done: int
    total: int

    @property
    def wide(self) -> bool:
        """Say whether the picture needs the whole width of the page."""
        ways: dict[str, int] = {}
        for start, _end, _label in self.edges:
            ways[start] = ways.get(start, 0) + 1
        return max(ways.values(), default=0) > _BESIDE


class Composer:
    """Makes the parts of one playbook. `anchor` makes the ids of its lines unique on the page."""

    def __init__(
        self,
        plan: Plan,
        speaker: Speaker,
        stand_of: StandOf,
        href_of: HrefOf,
        *,
        anchor: str = "",
        running: bool = False,
        called_off: bool = False,
    ) -> None:
        self.plan, self.speaker, self.anchor = plan, speaker, anchor
        self.href_of, self.running, self.called_off = href_of, running, called_off
        self._stands = {item.step.id: stand_of(item.step) for item in plan.walk()}
        if running:
            self._set_aside([*plan.main, *plan.exception], gone=False)

    def stand_of(self, step: Step) -> Stand:
        return self._stands[step.id]

    def _set_aside(self, items: list[Item], *, gone: bool) -> None:
        """What lies on a way that was not taken will not come: it is not for later."""
        for item in items:
            stand = self._stands[item.step.id]
            if gone and not stand.begun:
                self._stands[item.step.id] = replace(stand, state="skipped")
            for way in item.ways:
                self._set_aside(way.items, gone=gone or self._not_taken(item, way))

    def _not_taken(self, item: Item, way: Way) -> bool:
        stand = self.stand_of(item.step)
        if not stand.begun or any(self.stand_of(one.step).begun for one in way.items[:1]):
            return False
        others = (one for other in item.branches if other is not way for one in other.items[:1])
        chosen = any(self.stand_of(one.step).begun for one in others)
        return stand.over or (chosen and isinstance(item.step, If | Switch))

    def parts(self) -> list[Part]:
        """Return the chapters; one that was never needed is left out of a run."""
        made = (self._part(one) for one in chapters(self.plan, self._taken))
        return [one for one in made if not (self.running and self._idle(one))]

    def _idle(self, part: Part) -> bool:
        return part.id.endswith("exception") and not any(
            self.stand_of(item.step).begun for item in self.plan.exception
        )

    def _taken(self, way: Way) -> bool:
        return self.running and any(self.stand_of(item.step).begun for item in walk(way.items))

    def _part(self, chapter: Chapter) -> Part:
        mine = [self.stand_of(node.step) for node in chapter.nodes if isinstance(node, Item)]
        stands = [self.stand_of(item.step) for item in walk(chapter.items, sides=False)]
        return Part(
            id=f"{self.anchor}part-{chapter.name or 'main'}",
            title=self._heading(chapter),
            lines=[self._line(item) for item in chapter.items],
            steps=[self._box(node) for node in chapter.nodes],
            edges=[self._arrow(edge) for edge in chapter.edges],
            state=self._together(stands),
            done=sum(1 for one in mine if one.begun and one.in_sum in ("done", "skipped")),
            total=len(mine),
        )

    def _heading(self, chapter: Chapter) -> str:
        if chapter.way is not None:
            return self.speaker.title(heading(chapter.way))
        if chapter.name == "exception":
            return str(_("When a failure has no other way out"))
        return str(_("The main thread"))

    def _together(self, stands: list[Stand]) -> str:
        """Of a run that was cancelled, what it was in the midst of is not done."""
        state = together(stands)
        broken_off = self.called_off and any(one.status == "withdrawn" for one in stands)
        return "skipped" if broken_off and state == "done" else state

    # -- the list

    def _line(self, item: Item) -> Line:
        step, stand = item.step, self.stand_of(item.step)
        apart = split(item)
        return Line(
            id=f"{self.anchor}{step.id}",
            title=self.speaker.title(step),
            kind=kind_of(step),
            stand=stand,
            who=str(self._who(step, stand) or ""),
            note=self._note(step, stand),
            href=self.href_of(step, stand),
            branches=[self._branch(step, w, apart=w in apart) for w in item.branches],
            sides=[self._branch(step, w) for w in item.sides if self._tells(w)],
        )

    def _tells(self, way: Way) -> bool:
        return bool(way.items) and (not self.running or self._taken(way))

    def _branch(self, step: Step, way: Way, *, apart: bool = False) -> Branch:
        label = self.speaker.way(step, way.why)
        if not apart:
            lines = [self._line(item) for item in way.items]
            return Branch(label, lines, title="" if lines else self._goes_on(way))
        inside = [self.stand_of(item.step) for item in walk(way.items, sides=False)]
        return Branch(
            label,
            href=f"#{self.anchor}part-{name_of(way)}",
            title=self.speaker.title(heading(way)),
            state=self._together(inside),
            total=len(inside),
        )

    def _goes_on(self, way: Way) -> str:
        to = self.speaker.program.steps.get(way.to or "")
        if to is None or not self.speaker.title(to):
            return str(_("go on below"))
        return str(_("go on with: %(step)s", step=self.speaker.title(to)))

    def _who(self, step: Step, stand: Stand) -> Text | None:
        if stand.who is not None:
            return stand.who
        return audience.NAMES.get(step.who) if isinstance(step, Task) else None

    def _note(self, step: Step, stand: Stand) -> str:
        if stand.reason is not None:
            return str(sentence(stand.reason))
        if stand.begun:
            return " · ".join(_ended(stand))
        return "" if self.running or step.deadline is None else _within(step.deadline.within)

    # -- the picture

    def _box(self, node: Item | Way) -> Mapping[str, Any]:
        if isinstance(node, Way):
            inside = [self.stand_of(item.step) for item in walk(node.items, sides=False)]
            title = f"↓ {self.speaker.title(heading(node))}"
            href = f"#{self.anchor}part-{name_of(node)}"
            return {
                "id": box_of(node),
                "title": title,
                "state": self._together(inside),
                "href": href,
            }
        stand = self.stand_of(node.step)
        return {
            "id": node.step.id,
            "title": self.speaker.title(node.step),
            "state": stand.state,
            "href": self.href_of(node.step, stand) or f"#{self.anchor}{node.step.id}",
        }

    def _arrow(self, edge: tuple[str, str, str]) -> tuple[str, str, str]:
        start, end, why = edge
        step = self.speaker.program.steps.get(start)
        label = self.speaker.way(step, why) if step and why else ""
        return start, end, label if len(label) <= _LABEL else f"{label[: _LABEL - 1]}…"


def _within(milliseconds: int) -> str:
    return str(
        _("within %(time)s", time=duration(timedelta(milliseconds=milliseconds), language()))
    )


def _ended(stand: Stand) -> Iterator[str]:
    """Say how a step that has been come to ended, or how far it is."""
    task = stand.task
    if task is not None and task.answered_by and task.answer:
        yield str(ANSWERS.get(task.answer, task.answer))
        yield task.answered_by
    elif stand.status == "failed":
        why = told(stand.failure)
        yield str(_("Failed: %(why)s", why=why)) if why else str(_("Failed"))
    elif stand.status in _WORDS:
        yield str(_WORDS[stand.status])
    if stand.round:
        yield str(_("round %(number)s", number=stand.round))


_WORDS = {
    "skipped": _("Skipped"),
    "withdrawn": _("No longer needed"),
    "inside": _("Under way"),
}
