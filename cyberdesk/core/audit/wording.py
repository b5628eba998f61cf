"""What the acts of the journal are called; their codes are what is signed.

Each room says how its own are called; one that is no longer written keeps its code.
"""

from collections.abc import Mapping

from cyberdesk.core.text import Text

_said: dict[str, Text] = {}


def declare(words: Mapping[str, Text]) -> None:
    _said.update(words)


def in_words(action: str) -> str:
    """Return what `action` is called in the reader's language, the code itself when unknown."""
    return str(_said.get(action, action))
