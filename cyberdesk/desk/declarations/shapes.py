"""What the API takes and says of a declaration."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Annotated, Any, TypeVar
from uuid import UUID

from pydantic import Field, WithJsonSchema, model_validator

from cyberdesk.core.text import LANGUAGES, speaking
from cyberdesk.core.web.api import Input, Output, Said, said
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.declarations.intake import Call, Gesture
from cyberdesk.desk.declarations.models import Declaration
from cyberdesk.desk.declarations.promise import call_by
from cyberdesk.desk.declarations.space.home import sentence_of_now

T = TypeVar("T")

_MOMENT = {
    "type": "object",
    "description": "A moment as roughly as somebody could say it.",
    "properties": {
        "said": {"type": "string", "examples": ["yesterday"]},
        "date": {"type": "string", "format": "date"},
        "time": {"type": "string", "examples": ["08:30"]},
    },
    "additionalProperties": False,
}
_ANSWER = {
    "description": "A code, a list of codes, a text, or an instant with its offset. null is "
    "“I do not know”.",
    "anyOf": [
        {"type": "string"},
        {"type": "array", "items": {"type": "string"}},
        _MOMENT,
        {"type": "null"},
    ],
}
# Checked against the questionnaire, which says what is wrong in better words.
Answer = Annotated[Any, WithJsonSchema(_ANSWER)]
Answers = Annotated[
    dict[str, Answer],
    Field(
        max_length=200,
        description="By the name of the question, as in the strand's questionnaire.",
        examples=[
            {
                "sees": ["ransom_note", "nothing_opens"],
                "callback_phone": "06 12 34 56 78",
                "callback_name": "Nadia Prévost",
                "ransom_theft": "yes",
                "machines": "all",
                "services": ["civil_status", "payroll"],
                "since": {"said": "last_night"},
                "known_since": "2026-11-27T08:30:00+01:00",
                "it_support": ["provider"],
                "words": "Détecté par notre EDR, machine SRV-FIC-01 isolée.",
            }
        ],
    ),
]


class OrganisationIn(Input):
    """For whom. Exactly one of these; whoever is not in the directory is told by name."""

    id: UUID | None = None
    insee: str | None = Field(default=None, max_length=5, examples=["83901"])
    siren: str | None = Field(default=None, max_length=9)
    name: str | None = Field(default=None, min_length=1, max_length=150)

    @model_validator(mode="after")
    def _only_one(self) -> "OrganisationIn":
        if sum(value is not None for value in (self.id, self.insee, self.siren, self.name)) != 1:
            raise ValueError("give exactly one of id, insee, siren, name")
        return self


class DeclarationIn(Input):
    """A call for help, on behalf of an organisation."""

    organisation: OrganisationIn = Field(examples=[{"insee": "83901"}])
    answers: Answers
    strand: str = Field(default="cyber", max_length=40)
    their_reference: str = Field(
        default="",
        max_length=120,
        description="What you call it yourselves: a ticket. The desk reads it.",
        examples=["SOC-2026-1187"],
    )
    exercise: bool = Field(
        default=False,
        description="A rehearsal: the case stands apart from the real ones and presses nobody.",
    )


class CheckIn(Input):
    answers: Answers


class GestureOut(Output):
    """Something to do now, or not to do."""

    name: str = Field(examples=["unplug"])
    do: bool = Field(description="False: do not.")
    text: Said
    why: Said


class CallOut(Output):
    """A number or address to turn to."""

    name: Said
    number: str = Field(examples=["17"])
    note: Said
    certain: bool = Field(description="False: to be verified before it is relied on.")
    verified_on: date | None


class DeclaredFor(Output):
    id: UUID | None
    name: str
    listed: bool = Field(description="False: not in the directory; the desk looks at the name.")


class DeclaredCase(Output):
    """How the case stands, as those may know who declared it."""

    reference: str
    state: str = Field(examples=["open"])
    outcome: str | None
    title: Said
    subject: str | None = Field(examples=["ransomware"])
    level: int = Field(ge=1, le=4)
    now: Said = Field(description="Who moves next, in a sentence.")
    taken_at: datetime | None = Field(description="When a responder took it.")
    call_by: datetime | None = Field(description="Until when the centre has promised to call.")
    closed_at: datetime | None


class DeclarationOut(Output):
    """A declaration, and how its case stands."""

    id: UUID
    reference: str = Field(examples=["CD-7K4-92M"])
    state: str = Field(description="draft or sent.", examples=["sent"])
    strand: str
    exercise: bool
    organisation: DeclaredFor
    their_reference: str
    started_at: datetime
    sent_at: datetime | None
    case: DeclaredCase | None


class DeclarationMade(DeclarationOut):
    """A declaration that was just sent, with what is told only once."""

    code: str = Field(description="Ten digits to come back with the reference. Told once.")
    link: str = Field(description="Private address of the organisation's space. Told once.")
    advice: list[GestureOut] = Field(description="First gestures, the most urgent first.")
    calls: list[CallOut] = Field(description="Whom to turn to.")
    hidden_characters: int = Field(description="Invisible characters taken out of the answers.")


class ChecklistOut(Output):
    """What these answers bring up."""

    asked: list[str] = Field(description="Questions that are asked, in order.")
    missing: list[str] = Field(description="Those without which it cannot be sent.")
    advice: list[GestureOut]


def declaration_out(declaration: Declaration) -> dict[str, Any]:
    """Return the fields of DeclarationOut."""
    return {
        "id": declaration.id,
        "reference": declaration.reference,
        "state": declaration.state,
        "strand": declaration.strand,
        "exercise": declaration.exercise,
        "organisation": _for(declaration),
        "their_reference": declaration.their_reference,
        "started_at": declaration.started_at,
        "sent_at": declaration.sent_at,
        "case": _case(declaration.case) if declaration.case else None,
    }


def gestures(speak: Callable[[], Sequence[Gesture]]) -> list[GestureOut]:
    """Return the advice that `speak` gives, in both languages."""
    return [
        GestureOut(
            name=fr.name,
            do=fr.do,
            text=Said(fr=fr.text, en=en.text),
            why=Said(fr=fr.why, en=en.why),
        )
        for fr, en in in_both(speak)
    ]


def calls(speak: Callable[[], Sequence[Call]]) -> list[CallOut]:
    """Return the numbers that `speak` gives, those that are known on site only left out."""
    return [
        CallOut(
            name=Said(fr=fr.name, en=en.name),
            number=fr.number,
            note=Said(fr=fr.note, en=en.note),
            certain=fr.certain,
            verified_on=fr.verified_on,
        )
        for fr, en in in_both(speak)
        if fr.number
    ]


def in_both(speak: Callable[[], Sequence[T]]) -> list[tuple[T, T]]:
    """Return each thing that `speak` says, once in French and once in English."""
    spoken = []
    for tongue in LANGUAGES:
        with speaking(tongue):
            spoken.append(list(speak()))
    french, english = spoken
    return list(zip(french, english, strict=True))


def _for(declaration: Declaration) -> DeclaredFor:
    known = declaration.organisation
    listed = known is not None and known.facts.get("verified") is not False
    name = known.name if known else declaration.typed_name
    return DeclaredFor(id=known.id if known and listed else None, name=name, listed=listed)


def _case(case: Case) -> DeclaredCase:
    return DeclaredCase(
        reference=case.reference,
        state=case.state,
        outcome=case.outcome,
        title=said(case.title),
        subject=case.subject,
        level=case.level,
        now=said(sentence_of_now(case)),
        taken_at=case.taken_at,
        call_by=call_by(case),
        closed_at=case.closed_at,
    )
