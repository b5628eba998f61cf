"""What to do and what not to do in the first hour: the sheet, and the advice after an answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Literal

from pydantic import Field, model_validator

from cyberdesk.strands.cyber.content import Entry, Name, Sourced, Text, read
from cyberdesk.strands.cyber.taxonomy import QUESTION, load_attack_types


class Gesture(Sourced):
    """One thing to do, or not to do. Rank 1 is said first."""

    name: Name
    kind: Literal["do", "dont"]
    rank: Annotated[int, Field(ge=1, le=9)]
    text: Text
    why: Text | None = None
    replaces: tuple[Name, ...] = ()


class Welcome(Entry):
    """What the first page of a declaration says, before anything is known."""

    title: Text
    alarm: Text
    at_once: Text


class Gestures(Entry):
    """All gestures by name, those of every sheet and those added for each kind of attack."""

    welcome: Welcome
    gestures: dict[Name, Gesture]
    general: tuple[Name, ...]
    by_type: dict[Name, tuple[Name, ...]]

    @model_validator(mode="after")
    def _names_exist(self) -> "Gestures":
        named = {*self.general, *(n for names in self.by_type.values() for n in names)}
        named |= {name for gesture in self.gestures.values() for name in gesture.replaces}
        if unknown := named - set(self.gestures):
            raise ValueError(f"no such gesture: {sorted(unknown)}")
        if missing := set(load_attack_types()) ^ set(self.by_type):
            raise ValueError(f"by_type must name each kind of attack once: {sorted(missing)}")
        return self


@dataclass(frozen=True, slots=True)
class Sheet:
    """First gestures to print: what to do and what not to do, the most urgent first."""

    do: tuple[Gesture, ...]
    dont: tuple[Gesture, ...]


@cache
def load_gestures() -> Gestures:
    raw = read("first_gestures.yaml")
    raw["gestures"] = {name: {"name": name, **entry} for name, entry in raw["gestures"].items()}
    return Gestures.model_validate(raw)


def pick(names: Iterable[str]) -> tuple[Gesture, ...]:
    """Return the named gestures once each, replaced ones left out, the most urgent first."""
    known = load_gestures().gestures
    wanted = [known[name] for name in dict.fromkeys(names)]
    replaced = {name for gesture in wanted for name in gesture.replaces}
    kept = [gesture for gesture in wanted if gesture.name not in replaced]
    return tuple(sorted(kept, key=lambda gesture: gesture.rank))


def sheet(types: Iterable[str] = ()) -> Sheet:
    """Return the gestures of every attack and of these kinds; KeyError for an unknown kind."""
    book, types = load_gestures(), tuple(types)
    if QUESTION in types:
        return Sheet((), ())  # nothing to unplug for somebody who asks for information
    chosen = pick([*book.general, *(name for kind in types for name in book.by_type[kind])])
    return Sheet(
        do=tuple(gesture for gesture in chosen if gesture.kind == "do"),
        dont=tuple(gesture for gesture in chosen if gesture.kind == "dont"),
    )


def complete(said: Iterable[str], types: Iterable[str] = ()) -> tuple[Gesture, ...]:
    """Return the gestures already `said`, then the rest of the sheet, without the replaced ones."""
    said = tuple(said)
    whole = sheet(types)
    kept = {gesture.name for gesture in pick([*said, *(g.name for g in (*whole.do, *whole.dont))])}
    rest = (gesture for gesture in (*whole.do, *whole.dont) if gesture.name not in said)
    return tuple(g for g in (*pick(said), *rest) if g.name in kept)
