"""The case page: its head, its tabs, and the panels that many rooms put there."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import structlog
from flask import render_template, request, url_for
from markupsafe import Markup
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from cyberdesk.core.errors import NotFoundError, RefusalError
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.cases import panels, service
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.cases.panels import OVERVIEW, CasePanel
from cyberdesk.desk.cases.ranking import reason_words
from cyberdesk.desk.cases.views.door import address, door, reached
from cyberdesk.desk.cases.views.parts import part

_log = structlog.get_logger(__name__)


@door.get("/cases/<reference>", may="case:desk", endpoint="show")
def show(reference: str) -> str:
    return _page(reached(reference), OVERVIEW)


@door.get("/cases/<reference>/<tab>", may="case:desk", endpoint="tab")
def show_tab(reference: str, tab: str) -> str:
    return _page(reached(reference), tab)


@door.get("/cases/<reference>/parts/<name>", may="case:desk", endpoint="part")
def show_part(reference: str, name: str) -> Response:
    """A panel alone, or the state in the head, for a page that renews itself."""
    case = reached(reference)
    if name == "state":
        return part(_state(case))
    panel = panels.panel_for(actor(), case, name)
    if panel is None:
        raise NotFoundError
    return part(str(_inside(case, panel) or ""))


def _page(case: Case, tab: str) -> str:
    tabs = panels.tabs_for(actor(), case)
    if tab not in {one.name for one in tabs}:
        raise NotFoundError
    drawn = [one for p in panels.panels_for(actor(), case, tab) if (one := _drawn(case, p))]
    return render_template(
        "cases/case.html",
        case=case,
        tab=tab,
        tabs=[_tab(case, one, tab) | {"key": str(n)} for n, one in enumerate(tabs, start=1)],
        state=Markup(_state(case)),  # noqa: S704  # made by our own autoescaped template
        main=[one for one in drawn if one["panel"].column == "main"],
        side=[one for one in drawn if one["panel"].column == "side"],
        actions=[
            {"action": one, "href": one.href(case)} for one in panels.actions_for(actor(), case)
        ],
        since=case.moved_at.isoformat(),
    )


def _drawn(case: Case, panel: CasePanel) -> Mapping[str, Any] | None:
    inside = _inside(case, panel)
    if inside is None:
        return None
    href = url_for("cases.part", reference=case.reference, name=panel.name)
    asked = urlencode(list(request.args.items(multi=True)))  # a filter holds when it renews itself
    renewed = f"{href}?{asked}" if asked else href
    return {"panel": panel, "inside": inside, "href": renewed if panel.live else None}


def _inside(case: Case, panel: CasePanel) -> Markup | str | None:
    """A panel that fails leaves its place to a word, and the rest of the case to be worked on."""
    try:
        return panel.render(actor(), case)
    except (SQLAlchemyError, RefusalError):
        raise  # the transaction is lost, or somebody may not
    except Exception:  # noqa: BLE001  # whatever it is, a case must stay open to work on
        _log.exception("a panel failed", panel=panel.name, case=str(case.id))
        return Markup(render_template("cases/panels/failed.html"))  # noqa: S704  # our own


def _tab(case: Case, one: panels.CaseTab, current: str) -> dict[str, Any]:
    return {
        "label": one.title,
        "href": address(case, None if one.name == OVERVIEW else one.name),
        "current": one.name == current,
        "count": (one.count(actor(), case) or None) if one.count else None,
    }


def _state(case: Case) -> str:
    return render_template(
        "cases/_state.html",
        case=case,
        me=actor().id,
        reasons=[reason_words(reason) for reason in case.rank_why.get("reasons", ())],
        glass=service.broken_into(case),
        duplicate_of=service.duplicate_of(case),
    )
