"""A timeline as a picture: a row for each kind of line, time from left to right, drawn as SVG.

Long silences are shortened (the attacker came twelve days ago, we were called this morning), so the
axis is not to scale: it names the day wherever it jumps. The list below it is its table.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from math import log1p

from markupsafe import Markup, escape

from cyberdesk.core.text import Text, _, language
from cyberdesk.core.web.formatting import ZONE, date_time, hour

_MINUTE = 60.0
_LEFT, _RIGHT, _TOP, _ROW, _AXIS = 96, 14, 10, 26, 26
_DOT = 5
_PICTURE = Markup('<svg class="story" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>')
_LINE = Markup(
    '<line class="story-row" x1="{}" x2="{}" y1="{}" y2="{}"/>'
    '<text class="story-name" x="0" y="{}">{}</text>'
)
_TIME = Markup('<text class="story-time" x="{:.0f}" y="{}" text-anchor="{}">{}</text>')
_MARK = Markup('<circle class="story-dot{}" cx="{:.1f}" cy="{}" r="{}"><title>{}</title></circle>')
GROUPS: dict[str, Text] = {
    "attack": _("Attack"),
    "talk": _("Exchanges"),
    "work": _("Desk"),
    "playbook": _("Playbook"),
    "evidence": _("Evidence"),
    "clocks": _("Deadlines"),
}


@dataclass(frozen=True, slots=True)
class Dot:
    at: datetime
    group: str
    tone: str
    said: str


def draw(dots: Sequence[Dot], *, width: int) -> Markup:
    """Return the picture `width` units wide, or nothing when there is too little to see."""
    groups = [name for name in GROUPS if any(dot.group == name for dot in dots)]
    if len(dots) < 2 or not groups:  # noqa: PLR2004  # a single dot is no line
        return Markup()
    dots = sorted(dots, key=lambda dot: dot.at)
    places = _places(dots, width)
    height = _TOP + _ROW * len(groups) + _AXIS
    inside = [*_rows(groups, width), *_axis(dots, places, height), *_marks(dots, places, groups)]
    label = _(
        "Timeline of %(count)s lines from %(first)s to %(last)s, told in the list below",
        count=len(dots),
        first=date_time(dots[0].at, language()),
        last=date_time(dots[-1].at, language()),
    )
    return Markup(
        '<svg class="story" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>'
    ).format(width, height, label, Markup("").join(inside))


def _places(dots: Sequence[Dot], width: int) -> list[float]:
    """Return where each dot stands: a gap counts by its logarithm."""
    gaps = [
        log1p((after.at - before.at).total_seconds() / _MINUTE) for before, after in pairwise(dots)
    ]
    total, room = sum(gaps) or 1.0, width - _LEFT - _RIGHT - 2 * _DOT
    place, places = float(_LEFT + _DOT), [float(_LEFT + _DOT)]
    for gap in gaps:
        place += gap / total * room
        places.append(place)
    return places


def _rows(groups: Sequence[str], width: int) -> list[Markup]:
    drawn = []
    for index, name in enumerate(groups):
        y = _TOP + _ROW * index + _ROW / 2
        drawn.append(_LINE.format(_LEFT, width - _RIGHT, y, y, y + 4, GROUPS[name]))
    return drawn


def _axis(dots: Sequence[Dot], places: Sequence[float], height: int) -> list[Markup]:
    """Name the time wherever there is room; the day where it changed since the last name."""
    drawn: list[Markup] = []
    free_from, last = 0.0, None
    for dot, place in zip(dots, places, strict=True):
        here = dot.at.astimezone(ZONE).date()
        text = hour(dot.at, language()) if here == last else date_time(dot.at, language())
        wide = 6.2 * len(text)
        if place - _DOT < free_from:
            continue
        anchor = "end" if places[-1] - place < wide and drawn else "start"
        if anchor == "end" and place - wide < free_from:
            continue
        x = place + _DOT if anchor == "end" else place - _DOT
        drawn.append(_TIME.format(x, height - 8, anchor, text))
        free_from, last = place + (0 if anchor == "end" else wide) + 14, here
    return drawn


def _marks(dots: Sequence[Dot], places: Sequence[float], groups: Sequence[str]) -> list[Markup]:
    drawn = []
    for dot, place in zip(dots, places, strict=True):
        if dot.group not in groups:
            continue
        y = _TOP + _ROW * groups.index(dot.group) + _ROW / 2
        tone = Markup(" is-{}").format(dot.tone) if dot.tone else ""
        told = f"{date_time(dot.at, language())} — {dot.said}"
        drawn.append(_MARK.format(tone, place, y, _DOT, escape(told)))
    return drawn
