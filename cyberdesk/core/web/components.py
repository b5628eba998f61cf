"""What templates receive from Python: built files, the clocks' faces, the macros as `ui`.

Macros live in `templates/components/` and know plain values only. Everywhere in a template,
`{{ ui.button(...) }}` works without import.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, url_for
from jinja2 import Environment
from jinja2.runtime import Macro

from cyberdesk.core import clock
from cyberdesk.core.web import formatting
from cyberdesk.core.web.graphs import draw_graph
from cyberdesk.core.web.pictures import draw_map, draw_qr, draw_time_bar, draw_trend

BUILT = Path(__file__).parent / "static" / "built"
FAMILIES = (
    "actions", "flow", "forms", "icons", "notices", "people", "pictures", "queue",
    "status", "tables", "ways",
)  # fmt: skip


class FrontNotBuiltError(RuntimeError):
    def __init__(self) -> None:
        super().__init__("The front-end is not built. Run `make front`, then start again.")


def manifest() -> Mapping[str, str]:
    """Return plain file name → file name with its hash, as the last build wrote them."""
    path = BUILT / "manifest.json"
    try:
        return _read_manifest(path, path.stat().st_mtime_ns)
    except FileNotFoundError as missing:
        raise FrontNotBuiltError from missing


@lru_cache(maxsize=2)
def _read_manifest(path: Path, written: int) -> Mapping[str, str]:
    del written  # a new build is read anew
    names: dict[str, str] = json.loads(path.read_text("utf-8"))
    return names


def asset(name: str) -> str:
    """Return the address of a built file: `asset("app.css")`."""
    return url_for("static", filename=f"built/{manifest()[name]}")


class Ui:
    """Every macro of `templates/components/*.html` under one name."""

    def __init__(self, env: Environment) -> None:
        self._env = env
        self._families: dict[str, str] = {}

    def __getattr__(self, name: str) -> Macro:
        if not self._families:
            self._families = dict(self._read())
        try:
            template = self._env.get_template(self._families[name])
        except KeyError:
            known = ", ".join(sorted(self._families))
            raise AttributeError(f"no component “{name}”; there are: {known}") from None
        macro: Macro = getattr(template.module, name)
        return macro

    def names(self) -> list[str]:
        """Return every component's name, for the style page and the tests."""
        return sorted(self._families or dict(self._read()))

    def _read(self) -> list[tuple[str, str]]:
        files = [f"components/{family}.html" for family in FAMILIES]
        modules = [(file, vars(self._env.get_template(file).module)) for file in files]
        return [(n, file) for file, held in modules for n in held if isinstance(held[n], Macro)]


@dataclass(frozen=True, slots=True)
class ClockFace:
    """A legal or promised time, as it is drawn: how much is left, and how pressing that is."""

    left: int  # share of the time still to run, 0 to 100
    state: str  # calm, soon, urgent, late, paused or done
    gap: timedelta  # distance to the end, always positive


def clock_face(ends_at: datetime, started_at: datetime | None, state: str | None) -> ClockFace:
    """Read a clock now; `state` overrides when the clock is "paused" or "done"."""
    left = ends_at - clock.now()
    share = _share(left, ends_at - started_at if started_at else None)
    return ClockFace(share, state or _pressure(left, share), abs(left))


def _share(left: timedelta, whole: timedelta | None) -> int:
    if left <= timedelta():
        return 0
    return max(1, min(100, round(100 * left / whole))) if whole else 100


def _pressure(left: timedelta, share: int) -> str:
    if left <= timedelta():
        return "late"
    if share <= 10 or left <= timedelta(minutes=10):  # noqa: PLR2004 - a tenth, ten minutes
        return "urgent"
    return "soon" if share <= 33 else "calm"  # noqa: PLR2004 - the last third


def install(app: Flask, locale: Callable[[], str]) -> None:
    """Give the templates of `app` their filters, macros and built files."""
    env = app.jinja_env
    env.trim_blocks = env.lstrip_blocks = True
    formatting.install(env, locale)
    extra: dict[str, Any] = {
        "ui": Ui(env), "asset": asset, "clock_face": clock_face, "now": clock.now,
        "draw_graph": draw_graph, "draw_map": draw_map, "draw_trend": draw_trend,
        "draw_time_bar": draw_time_bar, "draw_qr": draw_qr,
    }  # fmt: skip
    env.globals.update(extra)
