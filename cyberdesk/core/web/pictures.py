"""Small drawings made on the server: trends, maps of dots, bars of time. Geometry only.

The macros of `components/pictures.html` turn these into SVG without style or script, each with its
table. Playbooks as graphs are laid out in `graphs.py`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, radians
from typing import Any

import segno
from markupsafe import Markup

from cyberdesk.core.web.formatting import local

Point = tuple[float, float]


def draw_qr(address: str) -> Markup:
    """Draw `address` as a QR code of plain SVG, with neither style nor script."""
    drawn = segno.make(address, error="m").svg_inline(border=2, omitsize=True)
    return Markup(drawn)  # noqa: S704 - drawn by segno from shapes only


@dataclass(frozen=True, slots=True)
class Trend:
    """A line in a box of `width` × `height`; `target` is the height of its dashed line."""

    width: int
    height: int
    line: str  # for <polyline points>
    area: str  # the same, closed along the bottom
    last: Point
    target: float | None


def draw_trend(
    values: Sequence[float], target: float | None = None, width: int = 220, height: int = 56
) -> Trend:
    """Draw `values` from left to right, zero at the bottom, with room for the last dot."""
    top = max([*values, target or 0, 0]) or 1
    room = height - 12

    def rise(value: float) -> float:
        return round(6 + room * (1 - value / top), 1)

    step = (width - 12) / max(1, len(values) - 1)
    dots = [(round(6 + i * step, 1), rise(value)) for i, value in enumerate(values)] or [
        (6, rise(0))
    ]
    line = " ".join(f"{x},{y}" for x, y in dots)
    area = f"6,{height} {line} {dots[-1][0]},{height}"
    return Trend(width, height, line, area, dots[-1], None if target is None else rise(target))


@dataclass(frozen=True, slots=True)
class Dot:
    x: float
    y: float
    radius: float
    place: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Map:
    width: int
    height: int
    contours: tuple[str, ...]  # for <path d>
    dots: tuple[Dot, ...]  # the largest first, so that small ones stay visible


def draw_map(
    places: Sequence[Mapping[str, Any]],
    contours: Sequence[Sequence[Point]] = (),
    width: int = 640,
) -> Map:
    """Lay out places `{lon, lat, label, weight, tone, href}` and rings of (lon, lat).

    Equirectangular around the middle latitude: true enough over a region, and explained in a line.
    """
    corners = [(p["lon"], p["lat"]) for p in places] + [
        point for ring in contours for point in ring
    ]
    if not corners:
        return Map(width, width // 2, (), ())
    west, east = min(x for x, _ in corners), max(x for x, _ in corners)
    south, north = min(y for _, y in corners), max(y for _, y in corners)
    squeeze = cos(radians((south + north) / 2))
    margin = 14
    scale = (width - 2 * margin) / max((east - west) * squeeze, (north - south) / 2, 1e-6)

    def lay(lon: float, lat: float) -> Point:
        x = margin + (lon - west) * squeeze * scale
        return round(x, 1), round(margin + (north - lat) * scale, 1)

    height = round((north - south) * scale) + 2 * margin
    rings = tuple("M" + "L".join("{},{}".format(*lay(*p)) for p in ring) + "Z" for ring in contours)
    return Map(width, height, rings, _dots(places, lay))


def _dots(
    places: Sequence[Mapping[str, Any]], lay: Callable[[float, float], Point]
) -> tuple[Dot, ...]:
    """Give each place a dot whose area, not its radius, follows its weight."""
    heaviest = max((p.get("weight") or 0 for p in places), default=0) or 1
    dots = []
    for place in places:
        x, y = lay(place["lon"], place["lat"])
        share = float(place.get("weight") or 0) / heaviest
        dots.append(Dot(x, y, round(3 + 9 * share**0.5, 1), place))
    return tuple(sorted(dots, key=lambda dot: -dot.radius))


@dataclass(frozen=True, slots=True)
class Tick:
    x: float
    label: str


@dataclass(frozen=True, slots=True)
class TimeMark:
    x: float
    lane: int
    mark: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class TimeBar:
    width: int
    height: int
    ticks: tuple[Tick, ...]
    lanes: tuple[str, ...]
    marks: tuple[TimeMark, ...]


_MINUTES = (5, 10, 15, 30, 60, 120, 360, 720, 1440, 10_080, 43_200, 129_600)
_STEPS = tuple(timedelta(minutes=minutes) for minutes in _MINUTES)
_LEFT, _LANE = 110, 34


def draw_time_bar(marks: Sequence[Mapping[str, Any]], width: int = 860) -> TimeBar:
    """Set marks `{at, text, lane, tone}` along the hours; lanes keep the order they come in."""
    if not marks:
        return TimeBar(width, _LANE, (), (), ())
    start, end = min(m["at"] for m in marks), max(m["at"] for m in marks)
    whole = max(end - start, timedelta(minutes=1))
    lanes = tuple(dict.fromkeys(str(m.get("lane", "")) for m in marks))

    def place(at: datetime) -> float:
        share: float = (at - start) / whole
        return round(_LEFT + 10 + (width - _LEFT - 30) * share, 1)

    set_marks = tuple(
        TimeMark(place(m["at"]), lanes.index(str(m.get("lane", ""))), m) for m in marks
    )
    ticks = tuple(Tick(place(at), label) for at, label in _ticks(start, end))
    return TimeBar(width, 24 + _LANE * len(lanes), ticks, lanes, set_marks)


def _ticks(start: datetime, end: datetime) -> Sequence[tuple[datetime, str]]:
    """Round hours between two instants, nine at most below two years."""
    step = next((s for s in _STEPS if (end - start) / s <= 8), _STEPS[-1])  # noqa: PLR2004
    dawn = local(start).replace(hour=0, minute=0, second=0, microsecond=0)
    first = dawn + step * -(-(start - dawn) // step)
    ticks = []
    while first <= end:
        here = local(first)
        midnight = (here.hour, here.minute) == (0, 0)
        ticks.append((first, here.strftime("%d/%m" if midnight else "%H:%M")))
        first += step
    return ticks
