"""The room's own tabs, panels and buttons on the case page."""

from typing import Any

from flask import render_template, request, url_for
from markupsafe import Markup

from cyberdesk.core.access import Actor
from cyberdesk.core.access.models import Organisation
from cyberdesk.core.db import session
from cyberdesk.core.text import _
from cyberdesk.desk.cases import service
from cyberdesk.desk.cases.acts import ACTS, Act
from cyberdesk.desk.cases.drawing import GROUPS, Dot, draw
from cyberdesk.desk.cases.forms import MessageForm
from cyberdesk.desk.cases.models import Case, CaseEvent
from cyberdesk.desk.cases.panels import (
    CaseAction,
    CasePanel,
    CaseTab,
    add_action,
    add_panel,
    add_tab,
)
from cyberdesk.desk.cases.story import sentence, story_of
from cyberdesk.desk.cases.vocabulary import CALLS, PEOPLE, vocabulary_of

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
        CasePanel("severity", _("Severity"), severity, "side", order=30, may="case:desk"),
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
    add_action(_write_action(), *(_action(act) for act in ACTS))


def recent(actor: Actor, case: Case) -> Markup:
    lines = service.timeline(actor, case)
    entries = [_entry(case, line) for line in reversed(lines)]
    return _drawn("recent", case=case, entries=entries[:RECENT], total=len(entries))


def ending(actor: Actor, case: Case) -> Markup | None:
    endings = service.endings(actor, case)
    if not endings:
        return None
    return _drawn("ending", case=case, endings=endings, words=vocabulary_of(case.strand))


def severity(_actor: Actor, case: Case) -> Markup:
    return _drawn("severity", case=case)


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
    """The whole story, with that of the case's duplicates, filtered by what the address asks."""
    held = [(case, line) for line in service.timeline(actor, case)]
    for duplicate in service.duplicates(case):
        held += [(duplicate, line) for line in service.timeline(actor, duplicate)]
    held.sort(key=lambda pair: (pair[1].at, pair[1].id))
    wanted = request.args.get("group", "")
    entries = [_entry(case, line, of=of) for of, line in held if _fits(line, wanted)]
    dots = [Dot(ln.at, story_of(ln).group, story_of(ln).tone, sentence(ln)) for _of, ln in held]
    return _drawn(
        "timeline",
        case=case,
        entries=entries[::-1],
        wide=draw(dots, width=_WIDE),
        narrow=draw(dots, width=_NARROW),
        groups=_groups([line for _of, line in held], case, wanted),
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
    kinds = {"case:call", "case:call-note"}
    lines = [line for line in service.timeline(actor, case) if line.kind in kinds]
    entries = [_entry(case, line) for line in reversed(lines)]
    return _drawn("calls", case=case, entries=entries, outcomes=CALLS)


def journal(actor: Actor, case: Case) -> Markup:
    return _drawn("journal", case=case, lines=service.journal(actor, case))


def _drawn(name: str, **context: Any) -> Markup:
    return Markup(render_template(f"cases/panels/{name}.html", **context))  # noqa: S704  # our own


def _entry(case: Case, line: CaseEvent, *, of: Case | None = None) -> dict[str, Any]:
    """A line as the timeline component takes it."""
    story = story_of(line)
    by = line.actor_name or str(_("CyberDesk"))
    if of is not None and of.id != case.id:
        by = f"{by} · {of.reference}"
    return {
        "at": line.at,
        "text": sentence(line),
        "icon": story.icon,
        "tone": {"ok": "good", "warn": "serious", "bad": "critical"}.get(story.tone, ""),
        "by": by,
        "detail": line.words,
        "desk_only": line.desk_only,
    }


def _fits(line: CaseEvent, wanted: str) -> bool:
    return not wanted or story_of(line).group == wanted


def _groups(lines: list[CaseEvent], case: Case, wanted: str) -> list[dict[str, Any]]:
    here = url_for("cases.tab", reference=case.reference, tab="timeline")
    present = [name for name in GROUPS if any(_fits(line, name) for line in lines)]
    everything = {"label": _("All"), "href": here, "current": not wanted}
    return [everything] + [
        {"label": GROUPS[name], "href": f"{here}?group={name}", "current": wanted == name}
        for name in present
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
