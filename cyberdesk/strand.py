"""The contract of a strand: one room that adds to the shared floor only what is its own."""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import cyberdesk.strands
from cyberdesk.core.room import Room
from cyberdesk.core.text import Text


@dataclass(frozen=True, slots=True)
class CaseKind:
    """A kind of case, and how long its protected content is kept once it is closed."""

    name: str
    title: Text
    retention: timedelta


@dataclass(frozen=True, slots=True)
class Strand(Room):
    """A strand of the programme: a room with its own kinds of case."""

    case_kinds: Mapping[str, CaseKind] = field(default_factory=dict)


def discover() -> Iterator[Strand]:
    """Yield the strand of each package in `cyberdesk.strands`; refuse one that declares none."""
    for module in pkgutil.iter_modules(cyberdesk.strands.__path__):
        package = importlib.import_module(f"cyberdesk.strands.{module.name}")
        strand = getattr(package, "ROOM", None)
        if not isinstance(strand, Strand):
            raise TypeError(f"{package.__name__} holds no `ROOM = Strand(…)`")
        yield strand
