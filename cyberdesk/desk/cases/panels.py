"""The case page is made by many rooms: each adds its panels, tabs and buttons here, in its `wire`.

A panel stands in the main or the side column of a tab; a tab exists as soon as a panel names it.
An action is a button of the page's head. Both are shown only to those who may.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from markupsafe import Markup

from cyberdesk.core.access import Actor
from cyberdesk.core.text import Text, _
from cyberdesk.desk.cases.models import Case

OVERVIEW = "overview"
Render = Callable[[Actor, Case], Markup | str | None]


@dataclass(frozen=True, slots=True)
class CaseTab:
    """A page of the case: `/desk/cases/<reference>/<name>`; `count` is shown beside its title."""

    name: str
    title: Text
    icon: str
    order: int = 50
    may: str = "case:read"
    count: Callable[[Actor, Case], int] | None = None


@dataclass(frozen=True, slots=True)
class CasePanel:
    """A card of the case page. `render` gives its inside, or None to leave it out.

    `live` panels are fetched anew when the case changes (unless one is typing in them).
    """

    name: str
    title: Text | str  # "" for a panel that is the whole of its tab
    render: Render
    column: Literal["main", "side"] = "main"
    order: int = 50
    may: str = "case:read"
    tab: str = OVERVIEW
    live: bool = True
    icon: str = ""


@dataclass(frozen=True, slots=True)
class CaseAction:
    """A button of the case's head: where it leads, and for which cases it stands there.

    `href` gives the address of a page with a form; nothing is changed by following it.
    """

    name: str
    title: Text
    icon: str
    href: Callable[[Case], str]
    may: str
    order: int = 50
    shown: Callable[[Actor, Case], bool] = lambda _actor, _case: True
    main: bool = False  # the act that most probably comes next


_panels: dict[str, CasePanel] = {}
_tabs: dict[str, CaseTab] = {}
_actions: dict[str, CaseAction] = {}


def add_panel(*panels: CasePanel) -> None:
    """Add panels; adding the same name again replaces it."""
    _panels.update({panel.name: panel for panel in panels})


def add_tab(*tabs: CaseTab) -> None:
    _tabs.update({tab.name: tab for tab in tabs})


def add_action(*actions: CaseAction) -> None:
    _actions.update({action.name: action for action in actions})


def panels_for(actor: Actor, case: Case, tab: str = OVERVIEW) -> list[CasePanel]:
    """Return the panels of `tab` open to `actor`, in their order."""
    place = case.place()
    here = (p for p in _panels.values() if p.tab == tab and actor.may(p.may, place))
    return _ordered(here)


def panel_for(actor: Actor, case: Case, name: str) -> CasePanel | None:
    panel = _panels.get(name)
    return panel if panel and actor.may(panel.may, case.place()) else None


def tabs_for(actor: Actor, case: Case) -> list[CaseTab]:
    place = case.place()
    return _ordered(tab for tab in (_OVERVIEW, *_tabs.values()) if actor.may(tab.may, place))


def actions_for(actor: Actor, case: Case) -> list[CaseAction]:
    place = case.place()
    held = (a for a in _actions.values() if actor.may(a.may, place) and a.shown(actor, case))
    return _ordered(held)


_OVERVIEW = CaseTab(OVERVIEW, _("Case"), "clipboard", order=0)


def _ordered(items: Iterable[Any]) -> list[Any]:
    return sorted(items, key=lambda item: (item.order, item.name))
