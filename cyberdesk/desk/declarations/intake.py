"""What a strand brings so that people can declare to it: its questions, its advice, its triage.

Declarations know no strand. A strand registers one `Intake` in its `wire`; the pages, the saving
and the sending are the same for all.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from cyberdesk.core.access.models import Organisation
from cyberdesk.core.errors import NotFoundError
from cyberdesk.core.text import _
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.declarations.models import Declaration

Answers = Mapping[str, Any]
Fields = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str
    hint: str = ""
    unknown: bool = False  # « je ne sais pas »


@dataclass(frozen=True, slots=True)
class Ask:
    """One question as it is shown. `kind`: single, multi, text, phone, email or moment."""

    name: str
    kind: str
    label: str
    hint: str = ""
    required: bool = False
    choices: tuple[Choice, ...] = ()  # of a choice, or the sayings of a moment
    unknown: str = ""  # label of « je ne sais pas » beside a field that is typed
    max_length: int = 0
    multiline: bool = False
    fields: tuple[str, ...] = ()  # names of the form fields it may send


@dataclass(frozen=True, slots=True)
class Page:
    """One screen: its place among those that the answers make visible."""

    name: str
    title: str
    intro: str
    asks: tuple[Ask, ...]
    number: int
    total: int
    chapter: int
    chapters: int
    seen: bool


@dataclass(frozen=True, slots=True)
class Gesture:
    """Something to do now, or not to do."""

    name: str
    do: bool
    text: str
    why: str = ""
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What was answered to one question, in words."""

    page: str
    label: str
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """The answers read from a form, and what is wrong by field, in words."""

    answers: dict[str, Any]
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Missing:
    """A required question that has no answer yet."""

    page: str
    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Call:
    """A number or address to turn to, with the day it was checked; not certain: « à vérifier »."""

    name: str
    number: str  # or an address on the web; empty: known on site only, to be filled in
    note: str = ""
    certain: bool = True
    verified_on: date | None = None


@dataclass(frozen=True, slots=True)
class Instant:
    """A moment as roughly as somebody could say it; both ends included, UTC."""

    said: str
    earliest: datetime
    latest: datetime
    fidelity: str


@dataclass(frozen=True, slots=True)
class Welcome:
    """The first page: what is declared here, and what to do before anything is answered."""

    title: str
    alarm: str  # a question, in which a frightened person recognises theirs
    at_once: str


@dataclass(frozen=True, slots=True)
class Plain:
    """A case told without jargon: what is known, how grave, how to go on without the machines."""

    known: tuple[str, ...]
    grave: str
    meanwhile: tuple[tuple[str, str], ...]  # (service, how to go on with paper)


@dataclass(frozen=True, slots=True)
class Speech:
    """What to say to one audience, and what not."""

    audience: str
    say: tuple[str, ...]
    avoid: tuple[str, ...]


class Form(Protocol):
    """One version of a strand's questionnaire, spoken in the language of the moment."""

    @property
    def version(self) -> str: ...
    @property
    def document(self) -> str: ...
    def pages(self, answers: Answers) -> Sequence[Page]:
        """Return the screens that these answers make visible, in order."""
        ...

    def page(self, name: str, answers: Answers) -> Page:
        """Return one screen, visible or not. Raises KeyError where there is none."""
        ...

    def every_page(self) -> Sequence[Page]:
        """Return all screens, those too that no answer has made visible yet."""
        ...

    def fields(self, page: str) -> frozenset[str]: ...
    def read(self, page: str, fields: Fields, *, now: datetime) -> Reading: ...
    def shown(self, page: str, answers: Answers) -> dict[str, list[str]]: ...
    def next_page(self, answers: Answers, *, after: str | None = None) -> str | None: ...
    def relevant(self, answers: Answers) -> dict[str, Any]: ...
    def missing(self, answers: Answers) -> Sequence[Missing]: ...
    def advice(self, answers: Answers, *, page: str | None = None) -> Sequence[Gesture]: ...
    def told(self, answers: Answers) -> Sequence[Told]: ...


class Intake(Protocol):
    """A strand's side of a declaration."""

    @property
    def strand(self) -> str: ...
    def current(self) -> Form: ...
    def restore(self, document: str) -> Form: ...
    def welcome(self) -> Welcome: ...
    def gestures(self, form: Form, answers: Answers) -> Sequence[Gesture]:
        """Return the first gestures of the sheet, the most urgent first."""
        ...

    def calls(self, answers: Answers) -> Sequence[Call]:
        """Return whom it is useful to call, the first to call first."""
        ...

    def callback(self, answers: Answers) -> str:
        """Return the number to call back, empty where none was given."""
        ...

    def caller(self, answers: Answers) -> str:
        """Return who declares, in words, for the journal of the awareness; may be empty."""
        ...

    def known_since(self, answers: Answers) -> Instant | None: ...
    def occurred(self, answers: Answers) -> Instant | None: ...
    def plain(self, case: Case) -> Plain: ...
    def speech(self, case: Case) -> Sequence[Speech]: ...
    def open_case(self, declaration: Declaration, organisation: Organisation) -> Case:
        """Triage, and open the case under the declaration's key and reference."""
        ...

    def route(self, case: Case, declaration: Declaration) -> None:
        """Call-back, playbook, notices: what starts at once, once the awareness is recorded."""
        ...


_intakes: dict[str, Intake] = {}


def register(intake: Intake) -> None:
    """Let people declare to the strand of `intake`; registering it twice is once."""
    _intakes[intake.strand] = intake


def intake_of(strand: str) -> Intake:
    """Return the intake of `strand`. Raises NotFoundError where nobody takes declarations."""
    try:
        return _intakes[strand]
    except KeyError:
        raise NotFoundError(_("No declaration is taken here.")) from None


def intakes() -> Iterable[Intake]:
    return tuple(_intakes.values())
