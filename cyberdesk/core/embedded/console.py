import contextlib
import os
from typing import TextIO

# What a child writes may quote a stranger: no escape sequence reaches the terminal.
_HARMLESS = dict.fromkeys((*range(32), *range(127, 160)), "�")
_HARMLESS[ord("\t")] = " "
_COLOURS = (36, 32, 35, 34, 33)
_RED, _DIM, _BOLD = 31, 2, 1


class Console:
    """The lines of many programs, each with its name in front."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._coloured = out.isatty() and "NO_COLOR" not in os.environ
        self._names: list[str] = []

    def line(self, name: str, text: str) -> None:
        """What the program `name` wrote."""
        if name not in self._names:
            self._names.append(name)
        colour = _COLOURS[self._names.index(name) % len(_COLOURS)]
        self._write(f"{self._paint(colour, f'{name:<11}│')} {text.translate(_HARMLESS)}")

    def note(self, name: str, text: str) -> None:
        """What we have to say of the program `name`."""
        self._write(self._paint(_DIM, f"{name:<11}· {text}"))

    def alarm(self, name: str, text: str) -> None:
        self._write(self._paint(_RED, f"{name:<11}! {text}"))

    def say(self, text: str = "") -> None:
        self._write(text)

    def strong(self, text: str) -> str:
        return self._paint(_BOLD, text)

    def _paint(self, colour: int, text: str) -> str:
        return f"\033[{colour}m{text}\033[0m" if self._coloured else text

    def _write(self, text: str) -> None:
        # The terminal may be gone; the service stays.
        with contextlib.suppress(OSError, ValueError):
            self._out.write(text.encode(self._out.encoding, "replace").decode(self._out.encoding))
            self._out.write("\n")
            self._out.flush()
