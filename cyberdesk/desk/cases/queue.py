"""Reading the queue: what was asked for, the rows in their order, and how many of each there are.

Four statements whatever the number of cases: organisations meant by the search, a page of rows,
the counts, the saved views; each reads no more than it shows. What is compared in the database is
compared by leakproof operators, so that indexes serve under row security too (PostgreSQL, "Rules
and Privileges").
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    and_,
    false,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.orm import defer

from cyberdesk.core import clock
from cyberdesk.core.access import Actor
from cyberdesk.core.access.directory.words import asked
from cyberdesk.core.access.guard import allowed
from cyberdesk.core.access.models import Organisation
from cyberdesk.core.db import session
from cyberdesk.core.ids import read_reference
from cyberdesk.desk.cases.models import CLOSED, OPEN, Case
from cyberdesk.desk.cases.vocabulary import WAITS, said, subjects

PAGE = 50
MOST = 300  # counted so far and no further: then “300+” says enough
_LONGEST_SEARCH = 100
_MOST_PLACES = 500
_STATES = ("open", "closed", "all")
_WHO = ("all", "mine", "free", "team")


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to see of the queue; its fields are those of the page's address."""

    state: str = "open"
    who: str = "all"
    level: str = ""
    type: str = ""
    area: str = ""  # code of a département
    grouping: str = ""  # id of an EPCI
    waits: str = ""
    late: str = ""
    exercise: str = ""
    q: str = ""

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "Asked":
        """Read an address; a value that means nothing is left out rather than refused."""
        known = {field.name: given.get(field.name, "") for field in fields(cls)}
        asked_for = cls(**known)
        return replace(
            asked_for,
            state=asked_for.state if asked_for.state in _STATES else "open",
            who=asked_for.who if asked_for.who in _WHO else "all",
            level=asked_for.level if asked_for.level in {"1", "2", "3", "4"} else "",
            waits=asked_for.waits if asked_for.waits in WAITS else "",
            grouping=_uuid_or_none(asked_for.grouping),
            late="1" if asked_for.late else "",
            exercise="1" if asked_for.exercise else "",
            q=asked_for.q.strip()[:_LONGEST_SEARCH],
        )

    @classmethod
    def from_query(cls, query: str) -> "Asked":
        """Read a kept address."""
        return cls.read(dict(parse_qsl(query)))

    def query(self, **changed: str) -> str:
        """Return the address that asks for this, with `changed`; what is usual is left out."""
        wanted, usual = replace(self, **changed), Asked()
        held = {f.name: getattr(wanted, f.name) for f in fields(self)}
        return urlencode({n: v for n, v in held.items() if v and v != getattr(usual, n)})

    @property
    def narrowed(self) -> bool:
        return bool(self.query(state="open", exercise=""))


@dataclass(frozen=True, slots=True)
class Page:
    rows: Sequence[Case]
    after: str | None  # the cursor of what follows, None at the end


@dataclass(frozen=True, slots=True)
class Counts:
    """How many open cases there are, and how many press; none counts further than MOST."""

    open: int
    free: int
    mine: int
    ours: int
    late: int
    waits: Mapping[str, int]


@allowed("case:list")
def page(actor: Actor, asked_for: Asked, after: str = "") -> Page:
    """Return one page of the queue, worst first; closed cases latest first."""
    wanted = _narrowed(_seen(actor), actor, asked_for)
    wanted = _after(_ordered(wanted, asked_for), asked_for, after)
    rows = session().scalars(wanted.options(*_UNSHOWN).limit(PAGE + 1)).all()
    more = len(rows) > PAGE
    return Page(rows[:PAGE], _cursor(rows[PAGE - 1], asked_for) if more else None)


@allowed("case:list")
def counts(actor: Actor, *, exercise: bool = False) -> Counts:
    """Count the open cases of the actor's desks, each number by its own index and up to MOST."""
    wanted: dict[str, ColumnElement[bool]] = {
        "open": true(),
        "free": Case.owner_id.is_(None),
        "mine": Case.owner_id == actor.person,
        "ours": or_(Case.waits_on == "responder", Case.wrote_at.is_not(None)),
        "late": Case.next_due_at <= clock.now(),
    }
    wanted |= {f"waits {who}": Case.waits_on == who for who in WAITS}
    sums = (_up_to_most(actor, held, exercise).label(name) for name, held in wanted.items())
    found = session().execute(select(*sums)).one()._asdict()
    return Counts(
        **{name: found[name] for name in ("open", "free", "mine", "ours", "late")},
        waits={who: found[f"waits {who}"] for who in WAITS},
    )


def free(actor: Actor) -> int:
    """Count the open cases that nobody has taken, up to MOST, for the navigation."""
    return session().scalar(select(_up_to_most(actor, Case.owner_id.is_(None), False))) or 0


def _up_to_most(actor: Actor, held: ColumnElement[bool], exercise: bool) -> ScalarSelect[int]:
    here = (Case.state == OPEN, Case.exercise.is_(exercise), _on_desks(actor), held)
    some = select(Case.id).where(*here).limit(MOST).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


_UNSHOWN = tuple(
    defer(column, raiseload=True) for column in (Case.override_reason_sealed, Case.dues)
)


def _seen(actor: Actor) -> Select[Any]:
    return select(Case).where(_on_desks(actor))


def _on_desks(actor: Actor) -> ColumnElement[bool]:
    # Row security asks the same again; said here too, the index that begins by the strand serves.
    desks = sorted(actor.scope.desks)
    if not desks:
        return false()
    return Case.strand == desks[0] if len(desks) == 1 else Case.strand.in_(desks)


def _narrowed(wanted: Select[Any], actor: Actor, asked_for: Asked) -> Select[Any]:
    conditions = (
        _state(asked_for.state),
        Case.exercise.is_(bool(asked_for.exercise)),
        _owner(actor, asked_for.who),
        Case.level == int(asked_for.level) if asked_for.level else None,
        Case.subject == asked_for.type if asked_for.type else None,
        Case.department == asked_for.area if asked_for.area else None,
        Case.grouping_id == UUID(asked_for.grouping) if asked_for.grouping else None,
        Case.waits_on == asked_for.waits if asked_for.waits else None,
        Case.next_due_at <= clock.now() if asked_for.late else None,
        _meant(asked_for.q) if asked_for.q else None,
    )
    return wanted.where(*(held for held in conditions if held is not None))


def _state(state: str) -> ColumnElement[bool] | None:
    return {"open": Case.state == OPEN, "closed": Case.state == CLOSED}.get(state)


def _owner(actor: Actor, who: str) -> ColumnElement[bool] | None:
    return {
        "mine": Case.owner_id == actor.person,
        "free": Case.owner_id.is_(None),
        "team": and_(Case.owner_id.is_not(None), Case.owner_id != actor.person),
    }.get(who)


def _meant(text: str) -> ColumnElement[bool]:
    """Understand a search: a reference or its beginning, places by name or code, a type."""
    reference = read_reference(text)
    if reference:
        return Case.reference == reference
    meant = [_beginning(text), Case.organisation_id.in_(_places(text))]
    types = _types(text)
    if types:
        meant.append(Case.subject.in_(types))
    return or_(*meant)


def _beginning(text: str) -> ColumnElement[bool]:
    typed = text.upper().replace(" ", "-")
    start = typed if typed.startswith("CD-") else f"CD-{typed}"
    return and_(Case.reference >= start, Case.reference < f"{start}\uffff")


def _places(text: str) -> Sequence[UUID]:
    words = asked(text)
    if not words:
        return []
    wanted = select(Organisation.id).where(
        func.to_tsvector("simple", Organisation.search).op("@@")(
            func.to_tsquery("simple", " & ".join(f"{word}:*" for word in words.split()))
        )
    )
    return session().scalars(wanted.limit(_MOST_PLACES)).all()


def _types(text: str) -> list[str]:
    words, known = asked(text), subjects()
    return [code for code in known if words and words in asked(said(known, code))]


def _ordered(wanted: Select[Any], asked_for: Asked) -> Select[Any]:
    if asked_for.state == "open":
        return wanted.order_by(Case.rank.desc(), Case.id)
    return wanted.order_by(Case.active_at.desc(), Case.id)


def _after(wanted: Select[Any], asked_for: Asked, cursor: str) -> Select[Any]:
    """Go on after the last row that was shown; a cursor that means nothing starts anew."""
    try:
        first, last = cursor.split("_", 1)
        row = UUID(last)
        if asked_for.state == "open":
            rank = int(first)
            return wanted.where(Case.rank <= rank, or_(Case.rank < rank, Case.id > row))
        at = datetime.fromisoformat(first)
    except ValueError:
        return wanted
    return wanted.where(Case.active_at <= at, or_(Case.active_at < at, Case.id > row))


def _cursor(case: Case, asked_for: Asked) -> str:
    key = case.rank if asked_for.state == "open" else case.active_at.isoformat()
    return f"{key}_{case.id}"


def _uuid_or_none(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        return ""
