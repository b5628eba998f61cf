"""An open load: requests begin at their hour whether or not earlier ones have been answered.

A closed loop would wait for a slow server and so hide how slow it is (coordinated omission): here
each time is counted from the instant at which the request was due.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median


@dataclass
class Times:
    """Seconds for each request, from its due instant; and what went wrong."""

    seconds: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def percentile(self, share: float) -> float:
        ordered = sorted(self.seconds)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0

    @property
    def median(self) -> float:
        return median(self.seconds) if self.seconds else 0.0


def open_load(
    call: Callable[[int], None], *, rate: float, seconds: float, threads: int = 64
) -> Times:
    """Make `rate` calls a second for `seconds`; `call(n)` raises when the answer is wrong."""
    times, lock = Times(), threading.Lock()
    total, begun, coming = (
        int(rate * seconds),
        time.perf_counter() + 0.2,
        iter(range(int(rate * seconds))),
    )

    def work() -> None:
        while True:
            with lock:
                number = next(coming, None)
            if number is None:
                return
            due = begun + number / rate
            time.sleep(max(due - time.perf_counter(), 0))
            try:
                call(number)
            except Exception as error:  # noqa: BLE001  # every fault is counted and shown
                with lock:
                    times.faults.append(f"{type(error).__name__}: {error}"[:200])
            with lock:
                times.seconds.append(time.perf_counter() - due)

    crew = [threading.Thread(target=work) for _ in range(min(threads, total))]
    for one in crew:
        one.start()
    for one in crew:
        one.join()
    return times
