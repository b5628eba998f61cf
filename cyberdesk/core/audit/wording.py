"""What the acts and subjects of the journal are called; their codes are what is signed.

Each room says how its own are called; one that is no longer written keeps its code. An act has a
colon (`case:open`), a subject is a table (`cases`).
"""

from collections.abc import Mapping

from cyberdesk.core.text import Text

_said: dict[str, Text] = {}


def declare(words: Mapping[str, Text]) -> None:
    _said.update(words)


def in_words(code: str) -> str:
    """Return what `code` is called in the reader's language, the code itself when unknown."""
    return str(_said.get(code, code))
