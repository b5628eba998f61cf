"""What a mayor can say to residents, press and council, and what to keep silent."""

from dataclasses import dataclass
from functools import cache

from pydantic import model_validator

from cyberdesk.strands.cyber.content import Entry, Name, Text, read
from cyberdesk.strands.cyber.taxonomy import QUESTION, load_attack_types


class Lines(Entry):
    """`instead`: this is all that is said to the audience, and the common words are left out."""

    say: tuple[Text, ...] = ()
    avoid: tuple[Text, ...] = ()
    instead: bool = False


Spoken = dict[Name, Lines]  # by audience


class Audience(Entry):
    label: Text


class Speech(Entry):
    """Sentences by audience: for every attack, when services have stopped, and for some kinds."""

    audiences: dict[Name, Audience]
    opening: Spoken
    stopped: Spoken
    general: Spoken
    by_type: dict[Name, Spoken]

    @model_validator(mode="after")
    def _names_exist(self) -> "Speech":
        parts = [self.opening, self.stopped, self.general, *self.by_type.values()]
        heard = {name for part in parts for name in part}
        if unknown := heard - set(self.audiences):
            raise ValueError(f"no such audience: {sorted(unknown)}")
        if unknown := set(self.by_type) - set(load_attack_types()):
            raise ValueError(f"no such kind of attack: {sorted(unknown)}")
        return self


@dataclass(frozen=True, slots=True)
class Said:
    """What to say to one audience, in the order in which one would say it."""

    audience: str
    label: Text
    say: tuple[Text, ...]
    avoid: tuple[Text, ...]


@cache
def load_speech() -> Speech:
    return Speech.model_validate(read("speech.yaml"))


def speech(kind: str | None, *, stopped: bool = False) -> tuple[Said, ...]:
    """Return what to say after an attack of this kind (None: not known yet); nothing on a question.

    `stopped`: a service to the population is interrupted.
    """
    if kind == QUESTION:
        return ()
    book = load_speech()
    own = book.by_type.get(kind or "", {})
    return tuple(_said(book, own, name, stopped=stopped) for name in book.audiences)


def _said(book: Speech, own: Spoken, name: str, *, stopped: bool) -> Said:
    special = own.get(name, Lines())
    parts = [book.opening, own, *([book.stopped] if stopped else []), book.general]
    lines = [special] if special.instead else [part.get(name, Lines()) for part in parts]
    return Said(
        name,
        book.audiences[name].label,
        tuple(line for part in lines for line in part.say),
        tuple(line for part in lines for line in part.avoid),
    )
