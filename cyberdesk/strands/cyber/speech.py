"""What a mayor can say to residents, press and council, and what to keep silent."""

from dataclasses import dataclass
from functools import cache

from pydantic import model_validator

from cyberdesk.strands.cyber.content import Entry, Name, Text, read
from cyberdesk.strands.cyber.taxonomy import load_attack_types


class Lines(Entry):
    say: tuple[Text, ...] = ()
    avoid: tuple[Text, ...] = ()


class Audience(Entry):
    label: Text


class Speech(Entry):
    """Sentences by audience: for every attack, and more for some kinds."""

    audiences: dict[Name, Audience]
    general: dict[Name, Lines]
    by_type: dict[Name, dict[Name, Lines]]

    @model_validator(mode="after")
    def _names_exist(self) -> "Speech":
        heard = {*self.general, *(name for kind in self.by_type.values() for name in kind)}
        if unknown := heard - set(self.audiences):
            raise ValueError(f"no such audience: {sorted(unknown)}")
        if unknown := set(self.by_type) - set(load_attack_types()):
            raise ValueError(f"no such kind of attack: {sorted(unknown)}")
        return self


@dataclass(frozen=True, slots=True)
class Said:
    """What to say to one audience, the words of this kind of attack first."""

    audience: str
    label: Text
    say: tuple[Text, ...]
    avoid: tuple[Text, ...]


@cache
def load_speech() -> Speech:
    return Speech.model_validate(read("speech.yaml"))


def speech(kind: str | None) -> tuple[Said, ...]:
    """Return what to say after an attack of this kind (None: not known yet)."""
    book = load_speech()
    own = book.by_type.get(kind or "", {})
    return tuple(_said(book, own, name) for name in book.audiences)


def _said(book: Speech, own: dict[str, Lines], name: str) -> Said:
    special, common = own.get(name, Lines()), book.general.get(name, Lines())
    return Said(
        name,
        book.audiences[name].label,
        (*special.say, *common.say),
        (*special.avoid, *common.avoid),
    )
