"""The demo: fictional communes at every stage, played through the same services as the real ones.

Nothing is written behind the services' back: cases are declared, routed, taken, answered and closed
with the clock set to when it would have happened. It plays once; a second start finds it done.
"""

import secrets
from collections.abc import Iterable, Mapping
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
from cyberdesk.core.jobs import delivery
from cyberdesk.core.letters.writing import TOPIC
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.clocks import service as clocks
from cyberdesk.desk.declarations import service as declarations
from cyberdesk.desk.intel import service as intel
from cyberdesk.desk.intel.reading import read_pasted
from cyberdesk.desk.tasks import service as tasks
from cyberdesk.desk.tasks.audience import VICTIM
from cyberdesk.desk.tasks.models import OPEN
from cyberdesk.strands.cyber.content import read

STRAND = "cyber"
_DESK = {Role.RESPONDER, Role.LEAD}
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_MAILS = frozenset({TOPIC})
_READING = timedelta(minutes=4)  # from the first page of a declaration to its sending


def play() -> Iterable[Mapping[str, str]]:
    """Fill the strand with fiction unless it is there; return the accounts, a row each."""
    script = read("demo.yaml")
    if not _played(script):
        _Stage(script).perform()
    return [_account(script, name) for name in script["people"]]


def _played(script: Mapping[str, Any]) -> bool:
    emails = [told["email"] for told in script["people"].values()]
    with atomic(SYSTEM):
        return session().scalar(select(Person.id).where(Person.email.in_(emails))) is not None


def _account(script: Mapping[str, Any], name: str) -> dict[str, str]:
    told = script["people"][name]
    return {"name": told["name"], "role": told["role"], "enter at": "/demo"}


class _Stage:
    """The people and places of the script, and what is happening on it."""

    def __init__(self, script: Mapping[str, Any]) -> None:
        self.script = script
        self.begun = clock.now()
        self.organisations: dict[str, UUID] = {}
        self.actors: dict[str, Actor] = {}

    def perform(self) -> None:
        self._build()
        self._cast()
        for told in sorted(self.script["cases"], key=lambda one: -_length(one["ago"])):
            self._case(told)

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
                self.actors[name] = Actor(
                    ActorKind.PERSON, person.id, person.name, (grant,), strong=True
                )

    def _grant(self, told: Mapping[str, Any]) -> Grant:
        if place := told.get("organisation"):
            return Grant(told["role"], organisation=self.organisations[place])
        return Grant(told["role"], strand=STRAND if told["role"] in _DESK else "*")

    def _case(self, told: Mapping[str, Any]) -> None:
        begun = self.begun - _length(told["ago"])
        case_id, link = self._declare(told, begun)
        for act in told.get("acts", ()):
            moment = begun + _length(act["after"])
            actor = link if act["by"] == "link" else self.actors[act["by"]]
            _at(moment, lambda act=act, actor=actor: _ACTS[act["act"]](actor, case_id, act))

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
            session().add(declaration)
            for page, answers in told["answers"].items():
                fields = {key: _values(value) for key, value in answers.items()}
                saved = declarations.save(link, declaration, page, CleanedForm(fields))
                assert saved.ok, saved.reading.errors
            case_id = declarations.send(link, declaration).id
        with clock.using(clock.still(at)):
            _settle()
        return case_id, Actor(
            ActorKind.LINK, declaration_id, name, (grant, Grant(Role.DECLARANT, case=case_id))
        )


def _credentials(person_id: UUID) -> Credentials:
    """No password: the demo is entered by its own door."""
    random = secrets.token_hex(16)
    return Credentials(person_id=person_id, uniquifier=random, passkey_handle=secrets.token_hex(16))


def _at(moment: datetime, act: Any) -> None:
    """Do `act` as if it were `moment`, then whatever the house does after it."""
    with clock.using(clock.still(moment)):
        act()
        _settle()


def _settle() -> None:
    """Let the engine go on until nothing is due; mails leave later, by a worker."""
    while delivery.drain(but=_MAILS):
        pass


def _take(actor: Actor, case_id: UUID, _act: Mapping[str, Any]) -> None:
    with atomic(actor.scope):
        cases.take(actor, cases.find_case(actor, case_id))


def _call(actor: Actor, case_id: UUID, act: Mapping[str, Any]) -> None:
    with atomic(actor.scope):
        case = cases.find_case(actor, case_id)
        cases.log_call(
            actor, case, role=act["role"], outcome="reached", minutes=9, words=act["words"]
        )


def _write(actor: Actor, case_id: UUID, act: Mapping[str, Any]) -> None:
    with atomic(actor.scope):
        cases.write(actor, cases.find_case(actor, case_id), body=act["words"])


def _note(actor: Actor, case_id: UUID, act: Mapping[str, Any]) -> None:
    with atomic(actor.scope):
        cases.add_note(actor, cases.find_case(actor, case_id), body=act["words"])


def _answer(actor: Actor, case_id: UUID, act: Mapping[str, Any]) -> None:
    """Answer what the commune is asked, round after round: each answer opens the next tasks."""
    for _round in range(act["rounds"]):
        with atomic(actor.scope):
            case = cases.find_case(actor, case_id)
            for task in tasks.tasks_of(actor, case, state=OPEN):
                if task.who in VICTIM:
                    tasks.answer(actor, task, answer="done", values=_likely(task.content))
        _settle()


def _likely(content: Mapping[str, Any]) -> dict[str, Any]:
    """Answer what a playbook needs to know to go on, and leave the rest unknown."""
    asked = content.get("questions") or {}
    needed = {name: one for name, one in asked.items() if one.get("unknown") == "refused"}
    return {name: _first_answer(one) for name, one in needed.items()}


def _first_answer(question: Mapping[str, Any]) -> Any:
    if choices := question.get("choices"):
        return next(iter(choices))
    return {"bool": True, "integer": 1, "float": 1}.get(question.get("type", ""), "oui")


def _clock(actor: Actor, case_id: UUID, act: Mapping[str, Any]) -> None:
    with atomic(actor.scope):
        case = cases.find_case(actor, case_id)
        found = [one for one in clocks.clocks(actor, case) if one.name == act["name"]]
        for one in found[:1]:
            clocks.complete(actor, one, at=clock.now(), proof=act["words"])


def _trace(actor: Actor, case_id: UUID, act: Mapping[str, Any]) -> None:
    """Note what the attack left behind, and make indicators of what others should look for."""
    with atomic(actor.scope):
        case = cases.find_case(actor, case_id)
        values = read_pasted(act["words"]).values
        added = intel.add_observables(actor, case, values, note=act["note"])
        for row in added.new:
            if row.value.text in act["indicators"]:
                intel.make_indicator(actor, row)


def _close(actor: Actor, case_id: UUID, act: Mapping[str, Any]) -> None:
    with atomic(actor.scope):
        cases.close_case(
            actor,
            cases.find_case(actor, case_id),
            outcome=act["outcome"],
            determination=act["determination"],
            causes=act["causes"],
            damages=act["damages"],
            cause=act["words"],
            damage=act["words"],
            lessons=act["words"],
            letter=act["letter"],
        )


_ACTS = {
    "take": _take,
    "call": _call,
    "write": _write,
    "note": _note,
    "answer": _answer,
    "clock": _clock,
    "trace": _trace,
    "close": _close,
}


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
