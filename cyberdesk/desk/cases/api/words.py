"""The codes that cases are told and closed with, each with its words."""

from collections.abc import Iterable

from pydantic import Field

from cyberdesk.core.access import SIGNED_IN
from cyberdesk.core.errors import NotFoundError
from cyberdesk.core.text import _
from cyberdesk.core.web.api import Output, Said, said
from cyberdesk.desk.cases.api.door import door
from cyberdesk.desk.cases.levels import LEVELS
from cyberdesk.desk.cases.vocabulary import (
    OUTCOMES,
    PEOPLE,
    WAITS,
    Vocabulary,
    Words,
    strands,
    vocabulary_of,
)


class WordOut(Output):
    code: str = Field(examples=["phishing"])
    said: Said


class DimensionOut(Output):
    """One side of the damage. Give `dimension/value` when you close a case."""

    code: str = Field(examples=["availability"])
    said: Said
    several: bool = Field(description="Whether several of its values can hold at once.")
    values: list[WordOut]


class VocabularyOut(Output):
    levels: list[WordOut]
    subjects: list[WordOut]
    outcomes: list[WordOut]
    determinations: list[WordOut]
    causes: list[WordOut]
    damages: list[DimensionOut]
    waits_on: list[WordOut]
    people: list[WordOut] = Field(description="Roles of those to talk to.")


@door.get("/vocabularies/<strand>", may=SIGNED_IN, answers=VocabularyOut)
def read_vocabulary(strand: str) -> VocabularyOut:
    """Read the codes of a strand, with their words. They never change; words may."""
    if strand not in strands():
        raise NotFoundError(_("There is no such strand."))
    return _shown(vocabulary_of(strand))


def _shown(words: Vocabulary) -> VocabularyOut:
    return VocabularyOut(
        levels=[WordOut(code=str(one.number), said=said(one.name)) for one in LEVELS],
        subjects=list(_each(words.subjects)),
        outcomes=list(_each(OUTCOMES)),
        determinations=list(_each(words.determinations)),
        causes=list(_each(words.causes)),
        damages=[
            DimensionOut(
                code=code,
                said=said(side.title),
                several=side.several,
                values=list(_each(side.values)),
            )
            for code, side in words.damages.items()
        ],
        waits_on=list(_each(WAITS)),
        people=list(_each(PEOPLE)),
    )


def _each(words: Words) -> Iterable[WordOut]:
    return (WordOut(code=code, said=said(text)) for code, text in words.items())
