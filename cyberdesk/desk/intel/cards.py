"""The room's tab and cards on the case page."""

from typing import Any
from urllib.parse import urlencode

from flask import render_template, request, url_for
from markupsafe import Markup

from cyberdesk.core.access import Actor
from cyberdesk.core.text import _
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.cases.panels import (
    CaseAction,
    CasePanel,
    CaseTab,
    add_action,
    add_panel,
    add_tab,
)
from cyberdesk.desk.intel import service
from cyberdesk.desk.intel.proposing import proposals
from cyberdesk.desk.intel.reading import KINDS, Sort
from cyberdesk.desk.intel.reading.pasted import LONGEST_PASTE
from cyberdesk.desk.intel.service import Shelf
from cyberdesk.desk.intel.showing import face, shown
from cyberdesk.desk.intel.views.door import TAB, tab_of

_FEW = 5
_GONE = "withdrawn"  # what the address asks for instead of a sort


def register() -> None:
    """Put the cards on the case page; called when the web application opens its doors."""
    read, add, export = "observable:read", "observable:add", "observable:export"
    add_tab(CaseTab(TAB, _("Observables"), "network", 40, read, service.count_of))
    add_panel(
        CasePanel("proposed", _("Proposed, from what was written"), proposed, "main", 10, add, TAB),
        CasePanel("observables", "", listed, "main", 20, read, TAB),
        CasePanel("add-observables", _("Add"), adding, "side", 10, add, TAB, live=False),
        CasePanel("share", _("Hand over as STIX"), share, "side", 20, export, TAB, live=False),
        CasePanel("traces", _("Observables"), few, "side", 55, read),
    )
    add_action(
        CaseAction("observables", _("Add observables"), "network", _to_add, add, order=46),
        CaseAction("export", _("Hand over as STIX"), "download", _to_export, export, order=70),
    )


def listed(actor: Actor, case: Case) -> Markup:
    """Draw what counts, by the sort that the address asks for, or what was withdrawn."""
    wanted = request.args.get("sort", "")
    gone = wanted == _GONE
    sort = Sort(wanted) if wanted in set(Sort) else None
    page = request.args.get("page", 1, int)
    held = service.shelf(actor, case, sort=sort, gone=gone, page=page)
    return _drawn(
        "list",
        case=case,
        shelf=held,
        observables=shown(actor, case, held.rows),
        ways=_ways(case, held, wanted),
        href=lambda number: _address(case, wanted, number),
        gone=gone,
        may_indicate=actor.may("observable:indicate", case.place()),
    )


def proposed(actor: Actor, case: Case) -> Markup | None:
    found = proposals(actor, case)
    groups = [(one, [face(value) for value in one.values]) for one in found]
    return _drawn("proposed", case=case, groups=groups) if groups else None


def adding(_actor: Actor, case: Case) -> Markup:
    return _drawn("add", case=case, longest=LONGEST_PASTE)


def share(_actor: Actor, case: Case) -> Markup:
    return _drawn("share", case=case)


def few(actor: Actor, case: Case) -> Markup | None:
    held = service.shelf(actor, case)
    rows = held.rows[:_FEW]
    if not rows:
        return None
    total = sum(held.sorts.values())
    return _drawn("few", case=case, faces=[face(row.value) for row in rows], total=total)


def _drawn(name: str, **context: Any) -> Markup:
    return Markup(render_template(f"intel/panels/{name}.html", **context))  # noqa: S704  # our own


def _ways(case: Case, held: Shelf, wanted: str) -> list[dict[str, Any]]:
    """What there is to choose from, each with how many."""
    total = sum(held.sorts.values())
    ways = [("", _("Everything"), total)]
    ways += [(str(sort), KINDS[sort].title, many) for sort, many in held.sorts.items()]
    if held.retracted:
        ways.append((_GONE, _("Withdrawn"), held.retracted))
    return [
        {"label": f"{title} {many}", "href": _address(case, name), "current": wanted == name}
        for name, title, many in ways
    ]


def _address(case: Case, wanted: str, page: int = 1) -> str:
    asked = [("sort", wanted)] if wanted else []
    asked += [("page", str(page))] if page > 1 else []
    return tab_of(case) + (f"?{urlencode(asked)}" if asked else "")


def _to_add(case: Case) -> str:
    return f"{tab_of(case)}#pasted"


def _to_export(case: Case) -> str:
    return url_for("intel.export", reference=case.reference)
