"""A text that must never be written down: no log, no journal and no traceback shows it."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Secret:
    """A password or a token on its way to where it is hashed. The journal notes `<Secret>`."""

    value: str = field(repr=False)
