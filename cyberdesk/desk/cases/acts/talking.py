"""Calls, contacts, and what happened before us."""

from cyberdesk.core.access import Actor
from cyberdesk.core.text import _
from cyberdesk.desk.cases import service
from cyberdesk.desk.cases.acts.act import Act, always, instant
from cyberdesk.desk.cases.forms import CallForm, ChronicleForm, PersonForm
from cyberdesk.desk.cases.models import Case


def _call(actor: Actor, case: Case, form: CallForm) -> None:
    service.log_call(
        actor,
        case,
        role=form.role.data,
        outcome=form.outcome.data or "",
        minutes=form.minutes.data or 0,
        words=form.words.data or "",
        at=instant(form.at.data),
    )


def _chronicle(actor: Actor, case: Case, form: ChronicleForm) -> None:
    at, words = instant(form.at.data), form.words.data or ""
    assert at is not None
    service.chronicle(actor, case, at=at, words=words, desk_only=not form.shared.data)


def _person(actor: Actor, case: Case, form: PersonForm) -> None:
    service.add_person(
        actor,
        case,
        role=form.role.data,
        name=form.name.data or "",
        phone=form.phone.data or "",
        email=form.email.data or "",
        about=form.about.data or "",
    )


ACTS = (
    Act(
        name="call",
        title=_("Note a call"),
        explained=_("A call that reached somebody keeps the promise to call back."),
        button=_("Note the call"),
        done=_("The call is noted."),
        icon="phone",
        may="case:people",
        form=lambda _case: CallForm(),
        do=_call,
        shown=always,
        order=10,
    ),
    Act(
        name="chronicle",
        title=_("Add to the chronology"),
        explained=_("What happened before us has its own time: first access, first machine."),
        button=_("Add it"),
        done=_("Added to the chronology."),
        icon="history",
        may="case:chronicle",
        form=lambda _case: ChronicleForm(),
        do=_chronicle,
        shown=always,
        order=45,
        tab="timeline",
    ),
    Act(
        name="person",
        title=_("Add a contact"),
        explained=_("Names, numbers and addresses are sealed with the key of the case."),
        button=_("Add"),
        done=_("The contact is added."),
        icon="users",
        may="case:people",
        form=lambda _case: PersonForm(),
        do=_person,
        shown=always,
        order=50,
        tab="people",
    ),
)
