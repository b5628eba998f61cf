"""The room's own tabs, panels and buttons on the case page."""

from typing import Any

from flask import render_template, request, url_for
from markupsafe import Markup

from cyberdesk.core.access import Actor
from cyberdesk.core.access.models import Organisation
from cyberdesk.core.audit.authors import author_of
from cyberdesk.core.audit.wording import in_words
from cyberdesk.core.db import session
from cyberdesk.core.text import _
from cyberdesk.desk.cases import service
from cyberdesk.desk.cases.acts import ACTS, Act
from cyberdesk.desk.cases.drawing import GROUPS, Dot, draw
from cyberdesk.desk.cases.forms import MessageForm
from cyberdesk.desk.cases.lines import lines
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.cases.panels import (
    CaseAction,
    CasePanel,
    CaseTab,
    add_action,
    add_panel,
    add_tab,
)
from cyberdesk.desk.cases.vocabulary import PEOPLE, vocabulary_of

RECENT = 6
_WIDE, _NARROW = 960, 340


def register() -> None:
    """Put the room's cards on the case page; called when the web application opens its doors."""
    add_tab(
        CaseTab("timeline", _("Timeline"), "history", order=20, may="case:desk"),
        CaseTab("messages", _("Messages"), "message", order=30, count=service.unread),
        CaseTab("people", _("People"), "users", order=60, may="case:people"),
        CaseTab("journal", _("Journal"), "book", order=90, may="case:journal"),
    )
    add_panel(
        CasePanel("recent", _("Latest"), recent, order=60, may="case:desk"),
        CasePanel("ending", _("How it ended"), ending, order=5, may="case:desk"),
        CasePanel("what", _("What it is"), qualification, "side", order=30, may="case:desk"),
        CasePanel("organisation", _("The commune"), organisation, "side", order=40),
        CasePanel("contacts", _("Whom to call"), contacts, "side", order=50, may="case:people"),
        CasePanel("links", _("Linked cases"), links, "side", order=60, may="case:link"),
        CasePanel("timeline", "", timeline, tab="timeline", may="case:desk"),
        CasePanel("thread", "", thread, tab="messages", order=10),
        CasePanel("write", "", write, tab="messages", order=20, may="case:write", live=False),
        CasePanel("people", _("Contacts"), people, tab="people", may="case:people"),
        CasePanel("calls", _("Calls"), calls, "side", tab="people", may="case:people"),
        CasePanel("journal", "", journal, tab="journal", may="case:journal"),
    )
    add_action(_write_action(), _note_action(), *(_action(act) for act in ACTS))


def recent(actor: Actor, case: Case) -> Markup:
    told = lines(actor, case)
    entries = [line.entry() for line in told[: -RECENT - 1 : -1]]
    return _drawn("recent", case=case, entries=entries, total=len(told))


def ending(actor: Actor, case: Case) -> Markup | None:
    endings = service.endings(actor, case)
    if not endings:
        return None
    return _drawn("ending", case=case, endings=endings, words=vocabulary_of(case.strand))


def qualification(_actor: Actor, case: Case) -> Markup | None:
    if not (case.subject or case.rsit or case.overridden_at):
        return None
    return _drawn("qualification", case=case, types=vocabulary_of(case.strand).subjects)


def organisation(_actor: Actor, case: Case) -> Markup:
    place = case.organisation
    parent = session().get(Organisation, place.parent_id) if place.parent_id else None
    return _drawn("organisation", case=case, place=place, parent=parent)


def contacts(actor: Actor, case: Case) -> Markup:
    return _drawn("contacts", case=case, people=service.people(actor, case), parts=PEOPLE)


def links(actor: Actor, case: Case) -> Markup | None:
    found = [
        {"link": one, "other": one.other if one.case_id == case.id else one.case}
        for one in service.links_of(actor, case)
    ]
    return _drawn("links", case=case, links=found) if found else None


def timeline(actor: Actor, case: Case) -> Markup:
    """The whole story, filtered by what the address asks."""
    told, wanted = lines(actor, case), request.args.get("group", "")
    dots = [Dot(line.event.at, line.story.group, line.story.tone, line.said) for line in told]
    shown = [line for line in told if not wanted or line.story.group == wanted]
    return _drawn(
        "timeline",
        case=case,
        entries=[line.entry() for line in reversed(shown)],
        wide=draw(dots, width=_WIDE),
        narrow=draw(dots, width=_NARROW),
        groups=_groups(case, {line.story.group for line in told}, wanted),
        may_add=actor.may("case:chronicle", case.place()),
    )


def thread(actor: Actor, case: Case) -> Markup:
    said = service.messages(actor, case)
    service.mark_read(actor, case)
    read = service.read_by(case, "commune")
    return _drawn("thread", case=case, messages=said, read=read)


def write(_actor: Actor, case: Case) -> Markup:
    return _drawn("write", case=case, form=MessageForm(formdata=None))


def people(actor: Actor, case: Case) -> Markup:
    return _drawn("people", case=case, people=service.people(actor, case), parts=PEOPLE)


def calls(actor: Actor, case: Case) -> Markup:
    told = [line for line in lines(actor, case) if line.event.kind == "case:call"]
    return _drawn("calls", case=case, entries=[line.entry() for line in reversed(told)])


def journal(actor: Actor, case: Case) -> Markup:
    return _drawn(
        "journal",
        case=case,
        lines=service.journal(actor, case),
        author_of=author_of,
        in_words=in_words,
    )


def _drawn(name: str, **context: Any) -> Markup:
    return Markup(render_template(f"cases/panels/{name}.html", **context))  # noqa: S704  # our own


def _groups(case: Case, present: set[str], wanted: str) -> list[dict[str, Any]]:
    here = url_for("cases.tab", reference=case.reference, tab="timeline")
    ways = [("", _("Everything")), *((name, GROUPS[name]) for name in GROUPS if name in present)]
    return [
        {
            "label": label,
            "href": f"{here}?group={name}" if name else here,
            "current": wanted == name,
        }
        for name, label in ways
    ]


def _action(act: Act) -> CaseAction:
    return CaseAction(
        act.name,
        act.title,
        act.icon,
        lambda case: url_for(f"cases.do_{act.name}", reference=case.reference),
        may=act.may,
        order=act.order,
        shown=lambda _actor, case: act.shown(case),
        main=act.main,
    )


def _write_action() -> CaseAction:
    return CaseAction(
        "write",
        _("Write to the commune"),
        "message",
        lambda case: url_for("cases.tab", reference=case.reference, tab="messages") + "#write",
        may="case:write",
        order=1,
        shown=lambda _actor, case: case.is_open,
    )


def _note_action() -> CaseAction:
    """A note for the desk alone is kept under the messages."""
    return CaseAction(
        "note",
        _("Keep a note"),
        "lock",
        lambda case: url_for("cases.tab", reference=case.reference, tab="messages") + "#note-form",
        may="case:note",
        order=12,
    )
