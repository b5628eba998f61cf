"""Time from the command to the first answer, and what the whole house holds in memory."""

import shutil
import tempfile
import time
from pathlib import Path
from statistics import median

from bench.house import House
from bench.machine import Number

_SETTLES = 6.0  # seconds until every process has loaded what it needs
_LATER = 3


def measure(*, long: bool) -> list[Number]:
    """Start a house in an empty folder, then again and again in the same."""
    data = Path(tempfile.mkdtemp(prefix="cyberdesk-bench-"))
    opened = House(data)
    try:
        first = opened.start()
        opened.stop()
        later = [_again(opened) for _ in range(_LATER * (3 if long else 1))]
        opened.start()
        time.sleep(_SETTLES)
        memory = sum(opened.resident_mb().values())
        return [
            Number("first start, with initdb, until it answers", first, "s", 10),
            Number("later start until it answers, median", median(later), "s", 5),
            Number("whole house resident (PSS of every process)", memory, "MB", 700),
        ]
    finally:
        opened.stop()
        shutil.rmtree(data, ignore_errors=True)
        opened.log.unlink(missing_ok=True)


def _again(opened: House) -> float:
    seconds = opened.start()
    opened.stop()
    return seconds
