"""Whether letters leave at all: whoever carries them tells, before somebody waits for one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from cyberdesk.core.text import Text


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why no letter leaves, and the page on which that is mended."""

    why: Text
    mend: Text
    endpoint: str
    values: Mapping[str, str] = field(default_factory=dict)


Ask = Callable[[], Obstacle | None]
_ask: Ask | None = None


def carried_by(ask: Ask | None) -> None:
    """Let `ask` say what keeps letters from leaving."""
    global _ask  # noqa: PLW0603  # one carrier per process, wired when it starts
    _ask = ask


def obstacle() -> Obstacle | None:
    """Return what keeps letters from leaving, None when they leave."""
    return _ask() if _ask else None
