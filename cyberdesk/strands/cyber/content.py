"""What the YAML files beside have in common: bilingual text, sources, strict loading.

Everything shown to a person about the law, a number to call or a gesture is data, with where it
comes from and the day it was checked. What was not re-read in its source is `to_verify` and must be
shown as « à vérifier », never as certain.
"""

import re
from collections.abc import Hashable
from datetime import date
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Annotated, Any, Literal

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

Language = Literal["fr", "en"]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(-[a-z0-9_]+)*$", max_length=60)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
_BOUND = re.compile(r" (?=[?!;:»])|(?<=«) |(?<=\d) (?=heures?\b|jours?\b|minutes?\b|%|€)")


class Entry(BaseModel):
    """One thing read from a data file: frozen, and refused when it holds an unknown key."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def french_spaces(words: str) -> str:
    """Keep « ? », « : », quotation marks and units on the line of their word."""
    return re.sub(_BOUND, "\u202f", words)


class Text(Entry):
    """The same words in French and in English."""

    fr: Annotated[Words, AfterValidator(french_spaces)]
    en: Words

    def say(self, language: str) -> str:
        """Return the words in `language` ("fr", "en-GB"…); French when it is another one."""
        return self.en if language.lower().startswith("en") else self.fr


class Certainty(StrEnum):
    """`sourced`: read in the named source. `to_verify`: known, not re-read; shown as such."""

    SOURCED = "sourced"
    TO_VERIFY = "to_verify"


class Source(Entry):
    """A public document that a fact rests on; `url` is absent for a code or a statute."""

    title: Text
    url: Annotated[str, StringConstraints(pattern=r"^https://[^\s]+$")] | None = None
    licence: str | None = None


class Sourced(Entry):
    """A fact with its sources (ids of `sources.yaml`), how sure it is and when it was checked."""

    source: tuple[Name, ...]
    certainty: Certainty
    verified_on: date

    @property
    def is_certain(self) -> bool:
        return self.certainty is Certainty.SOURCED

    @property
    def sources(self) -> tuple[Source, ...]:
        """Raise KeyError when a source is not in `sources.yaml`."""
        known = load_sources()
        return tuple(known[name] for name in self.source)


# libyaml reads the same language ten times faster; where it is missing, start-up is slower.
_Safe: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Strict(_Safe):  # type: ignore[valid-type, misc]
    """Safe YAML in which `yes`, `no`, `on` and `off` stay words and no key is given twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        twice = {str(key) for key in keys if keys.count(key) > 1}
        if twice:
            raise yaml.MarkedYAMLError(
                problem=f"key given twice: {sorted(twice)}", problem_mark=node.start_mark
            )
        read: dict[Hashable, Any] = super().construct_mapping(node, deep=deep)
        return read


_Strict.yaml_implicit_resolvers = {
    first: [
        (tag, pattern)
        for tag, pattern in resolvers
        if tag != "tag:yaml.org,2002:bool" or first in "tTfF"
    ]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def parse(text: str) -> Any:
    return yaml.load(text, Loader=_Strict)  # noqa: S506 (a SafeLoader)


def read(name: str) -> Any:
    """Return the parsed content of `data/<name>`; raise YAMLError when it is malformed."""
    file = resources.files(__package__) / "data" / name
    return parse(file.read_text(encoding="utf-8"))


@cache
def load_sources() -> dict[str, Source]:
    return {name: Source.model_validate(entry) for name, entry in read("sources.yaml").items()}
