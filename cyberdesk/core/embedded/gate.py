"""A gate: programs that are started early load what they need, and go on once it is opened."""

import os
from typing import Self


class Gate:
    """A pipe. Children inherit the reading end and read to its end, which comes with `open`.

    Whoever is started after that passes at once, so a program may be started again at any time.
    """

    def __init__(self) -> None:
        self.handle, self._held = os.pipe()

    def open(self) -> None:
        if self._held >= 0:
            os.close(self._held)
            self._held = -1

    def close(self) -> None:
        self.open()
        os.close(self.handle)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def wait_at(handle: int | None) -> None:
    """Return once the gate behind `handle` is open; at once where there is none."""
    while handle is not None and os.read(handle, 64):
        pass
