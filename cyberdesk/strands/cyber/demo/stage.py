"""The people and places of the demo, and what happens to them, case after case."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from cyberdesk.core import clock
from cyberdesk.core.access import ANONYMOUS, Actor, ActorKind, Grant, Role
from cyberdesk.core.access.models import Membership, Organisation, Person
from cyberdesk.core.access.signin.models import Credentials
from cyberdesk.core.db import atomic, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.hygiene import CleanedForm
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.declarations import service as declarations
from cyberdesk.strands.cyber.demo.acts import ACTS, Told, do_at, settle

STRAND = "cyber"
_DESK = {Role.RESPONDER, Role.LEAD}
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_READING = timedelta(minutes=4)  # from the first page of a declaration to its sending


class Stage:
    """The people and places of the script, and what is happening on it."""

    def __init__(self, script: Mapping[str, Any]) -> None:
        self.script = script
        self.begun = clock.now()
        self.organisations: dict[str, UUID] = {}
        self.actors: dict[str, Actor] = {}
        self.cases: dict[str, UUID] = {}  # the last case of each place
        self.played: set[tuple[str, bool]] = set()

    def perform(self, *, first: bool) -> None:
        """Play the cases marked `first` on a stage to be built, or those that are still to come."""
        with atomic(SYSTEM):
            self._find()
        if not self.organisations:
            self._build()
            self._cast()
        for told in sorted(self.script["cases"], key=lambda one: -_length(one["ago"])):
            if bool(told.get("first")) is first and _name(told) not in self.played:
                self._case(told)
        cases.rerank_due()  # played with the clock set back: by now some are late

    def _find(self) -> None:
        """Find who and what is there already."""
        names = {told["name"]: name for name, told in self.script["organisations"].items()}
        wanted = select(Organisation).where(Organisation.fictional, Organisation.name.in_(names))
        self.organisations = {names[row.name]: row.id for row in session().scalars(wanted)}
        emails = {told["email"]: name for name, told in self.script["people"].items()}
        for person in session().scalars(select(Person).where(Person.email.in_(emails))):
            self._enter(emails[person.email], person)
        places = {row_id: name for name, row_id in self.organisations.items()}
        found = select(Case).where(Case.organisation_id.in_(places)).order_by(Case.opened_at)
        for case in session().scalars(found):
            self.cases[places[case.organisation_id]] = case.id
            self.played.add((places[case.organisation_id], case.exercise))

    def _build(self) -> None:
        with atomic(SYSTEM):
            for number, (name, told) in enumerate(self.script["organisations"].items(), 1):
                code = f"{told['department']}9{number:02}"  # no commune has such a code
                row = Organisation(
                    kind="commune",
                    code=code,
                    name=told["name"],
                    search=told["name"].lower().replace("-", " "),
                    population=told["population"],
                    facts={"department": told["department"]},
                    fictional=True,
                    created_at=clock.now(),
                )
                session().add(row)
                self.organisations[name] = row.id

    def _cast(self) -> None:
        with atomic(SYSTEM):
            for name, told in self.script["people"].items():
                person = Person(name=told["name"], email=told["email"], created_at=clock.now())
                session().add(person)
                session().flush()
                grant = self._grant(told)
                session().add(
                    Membership(
                        person_id=person.id,
                        role=grant.role,
                        strand=grant.strand,
                        organisation_id=grant.organisation,
                        created_at=clock.now(),
                    )
                )
                session().add(_credentials(person.id))
                self._enter(name, person)

    def _enter(self, name: str, person: Person) -> None:
        grants = (self._grant(self.script["people"][name]),)
        kind = ActorKind.PERSON
        self.actors[name] = Actor(kind, person.id, person.name, grants, strong=True)

    def _grant(self, told: Mapping[str, Any]) -> Grant:
        if place := told.get("organisation"):
            return Grant(told["role"], organisation=self.organisations[place])
        return Grant(told["role"], strand=STRAND if told["role"] in _DESK else "*")

    def _case(self, told: Mapping[str, Any]) -> None:
        begun = self.begun - _length(told["ago"])
        case_id, link = self._declare(told, begun)
        self.cases[told["organisation"]] = case_id
        for act in told.get("acts", ()):
            moment = begun + _length(act["after"])
            actor = link if act["by"] == "link" else self.actors[act["by"]]
            told_act = Told(act, case_id, self.cases)
            do_at(moment, lambda actor=actor, one=told_act: ACTS[one["act"]](actor, one))

    def _declare(self, told: Mapping[str, Any], at: datetime) -> tuple[UUID, Actor]:
        """Declare as a secretary would, screen after screen; return the case and their link."""
        with clock.using(clock.still(at - _READING)), atomic(SYSTEM):
            organisation = session().get_one(Organisation, self.organisations[told["organisation"]])
            begun = declarations.start(ANONYMOUS, strand=STRAND, organisation=organisation)
            declaration_id = begun.declaration.id
        grant = Grant(Role.DECLARANT, declaration=declaration_id)
        name = told["answers"]["reach"]["callback_name"]
        link = Actor(ActorKind.LINK, declaration_id, name, (grant,))
        with clock.using(clock.still(at)), atomic(SYSTEM):
            declaration = begun.declaration
            declaration.exercise = bool(told.get("exercise"))
            session().add(declaration)
            for page, answers in told["answers"].items():
                fields = {key: _values(value) for key, value in answers.items()}
                saved = declarations.save(link, declaration, page, CleanedForm(fields))
                assert saved.ok, saved.reading.errors
            case_id = declarations.send(link, declaration).id
        with clock.using(clock.still(at)):
            settle()
        return case_id, Actor(
            ActorKind.LINK, declaration_id, name, (grant, Grant(Role.DECLARANT, case=case_id))
        )


def _name(told: Mapping[str, Any]) -> tuple[str, bool]:
    """What tells a case of the script from the others."""
    return told["organisation"], bool(told.get("exercise"))


def _credentials(person_id: UUID) -> Credentials:
    """No password: the demo is entered by its own door."""
    random = secrets.token_hex(16)
    return Credentials(person_id=person_id, uniquifier=random, passkey_handle=secrets.token_hex(16))


def _values(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]


def _length(text: str) -> timedelta:
    """Read `1h20m`, `5d`."""
    total, digits = timedelta(), ""
    for sign in text:
        if sign.isdigit():
            digits += sign
        else:
            total, digits = total + int(digits) * _UNITS[sign], ""
    return total
