"""How each kind of line on the timeline is told. A room registers its kinds in its `wire`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cyberdesk.core.text import Text, _, bilingual
from cyberdesk.desk.cases.models import CaseEvent

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Story:
    """A sentence made from the facts of a line, with an icon and the strand of the timeline.

    `group` is what the reader can filter by: work, talk, attack, evidence, clocks, playbook.
    `many` says how several of one go are told: their facts are `{"each": [facts, …]}`, one line.
    """

    say: Callable[[Facts], Text | str]
    icon: str = "circle-dot"
    group: str = "work"
    tone: str = ""  # ok, warn, bad: how it is drawn
    many: Callable[[int], Text] | None = None


_stories: dict[str, Story] = {}


def register(stories: Mapping[str, Story]) -> None:
    """Give sentences to kinds of lines: `{"task:done": Story(lambda facts: _("…"))}`."""
    _stories.update(stories)


def story_of(line: CaseEvent) -> Story:
    """Return how `line` is told; one of an unknown kind is told by its `title` {fr, en}."""
    return _stories.get(line.kind, _UNKNOWN)


def sentence(line: CaseEvent) -> str:
    story, each = story_of(line), line.facts.get("each")
    return str(story.many(len(each)) if each and story.many else story.say(line.facts))


def parts(line: CaseEvent) -> list[str]:
    """Return the sentences of what was told at one go, none for a line that stands for itself."""
    return [str(story_of(line).say(facts)) for facts in line.facts.get("each", ())]


def _by_title(facts: Facts) -> Text | str:
    return bilingual(facts.get("title")) or _("Something was noted")


_UNKNOWN = Story(_by_title)
