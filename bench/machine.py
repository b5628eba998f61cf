"""The machine a number was measured on, and what a measurement prints."""

import os
import platform
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Number:
    """What was measured; `limit` is what it must not pass, or must reach when `least`.

    Without a limit it is the peer that another number of the same run is compared with.
    """

    what: str
    value: float
    unit: str
    limit: float | None = None
    least: bool = False

    @property
    def held(self) -> bool:
        if self.limit is None:
            return True
        return self.value >= self.limit if self.least else self.value <= self.limit

    def __str__(self) -> str:
        bound = "" if self.limit is None else f"{'≥' if self.least else '≤'} {self.limit:g}"
        mark = "" if self.limit is None else "held" if self.held else "NOT HELD"
        return f"{self.what:<58}{self.value:10.1f} {self.unit:<8}{bound:>10}  {mark}"


def describe() -> str:
    """Say what machine this is and how busy others keep it."""
    cores, load = os.cpu_count() or 1, os.getloadavg()[0]
    memory = _first("/proc/meminfo", "MemTotal:").split()
    gigabytes = int(memory[0]) / 1024 / 1024 if memory else 0
    model = _first("/proc/cpuinfo", "model name").lstrip(": \t") or platform.machine()
    python = platform.python_version()
    return f"{cores} × {model}, {gigabytes:.0f} GB, Python {python}, load {load:.1f}"


def _first(path: str, beginning: str) -> str:
    try:
        lines = Path(path).read_text().splitlines()
    except OSError:
        return ""
    return next(
        (line[len(beginning) :].strip() for line in lines if line.startswith(beginning)), ""
    )
