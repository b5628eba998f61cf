"""The words with which a case is closed: determination, cause, damage (STIX Incident Core 2.0)."""

from functools import cache
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from cyberdesk.strands.cyber.content import Entry, Sourced, Text, read

Term = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]*$")]
Outcome = Literal["incident", "false-alarm"]


class Word(Entry):
    label: Text
    help: Text | None = None


class Determination(Word):
    outcome: Outcome


class Cause(Word):
    """A way in; `family` is a root cause of the MISP taxonomy nis2, or `unknown`."""

    family: Literal[
        "malicious-actions",
        "human-errors",
        "system-failures",
        "third-party-failures",
        "natural-phenomena",
        "unknown",
    ]


class Damage(Word):
    number: Annotated[int, Field(ge=0, le=100)] | None = None


class Vocabulary(Entry):
    label: Text
    values: dict[Term, Damage]


class _Determinations(Sourced):
    values: dict[Term, Determination]


class _Causes(Sourced):
    values: dict[Term, Cause]


class _Damages(Sourced):
    vocabularies: dict[Term, Vocabulary]


@cache
def load_determinations() -> dict[str, Determination]:
    """Return them by STIX incident-determination-enum value."""
    return dict(_Determinations.model_validate(read("determinations.yaml")).values)


@cache
def load_causes() -> dict[str, Cause]:
    return dict(_Causes.model_validate(read("causes.yaml")).values)


@cache
def load_damages() -> dict[str, Vocabulary]:
    """Return the vocabularies of harm, each value as STIX spells it."""
    return dict(_Damages.model_validate(read("damages.yaml")).vocabularies)
