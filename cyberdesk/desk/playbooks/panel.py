"""What playbooks put on the case page: a tab with their runs, and a word of it on the first."""

from typing import Any

from flask import render_template
from markupsafe import Markup

from cyberdesk.core.access import Actor
from cyberdesk.core.text import _
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.cases.panels import CasePanel, CaseTab, add_panel, add_tab
from cyberdesk.desk.playbooks import service
from cyberdesk.desk.playbooks.models import Run
from cyberdesk.desk.playbooks.shown.run import speaker_of, step_of, view_run
from cyberdesk.desk.playbooks.shown.signals import signals_of
from cyberdesk.desk.playbooks.shown.states import States
from cyberdesk.desk.playbooks.steering import run_acts
from cyberdesk.desk.playbooks.views.door import TAB, case_address, step_address


def register() -> None:
    """Put the room's cards on the case page; called when the web application opens its doors."""
    add_tab(CaseTab(TAB, _("Playbook"), "route", order=10, may="run:read"))
    add_panel(
        CasePanel("runs", "", runs, tab=TAB, may="run:read"),
        CasePanel("run-brief", _("Playbook"), brief, "side", order=10, may="run:read"),
    )


def runs(actor: Actor, case: Case) -> Markup:
    """Draw every run of the case: those under way first, then the latest."""
    held = sorted(service.runs_of(case), key=lambda run: (not run.is_open, -_age(run)))
    return _drawn(
        "runs",
        case=case,
        views=[_whole(actor, run) for run in held],
        may_start=case.is_open and actor.may("run:start", case.place()),
    )


def brief(_actor: Actor, case: Case) -> Markup | None:
    held = [run for run in service.runs_of(case) if run.is_open or run.dead]
    if not held:
        return None
    views = [view_run(run, step_address) for run in held]
    return _drawn("brief", case=case, views=views, address=case_address(case.reference))


def _whole(actor: Actor, run: Run) -> dict[str, Any]:
    return {
        "view": view_run(run, step_address),
        "acts": run_acts(actor, run),
        "early": [one for one in signals_of(States(run)) if not (one.awaited or one.over)],
        "dead": _dead(run) if run.dead else [],
        "version": Markup('<code class="key">{}</code>').format(run.hash),
    }


def _dead(run: Run) -> list[tuple[str, str]]:
    """Return the failed steps that wait for a person, with their pages."""
    states = States(run)
    found = []
    for stand in states.dead():
        context = states.state["steps"][stand.path]["ctx"]
        title = speaker_of(states, context).title(step_of(states, stand.path))
        found.append((title, step_address(run, stand.entry or 0)))
    return found


def _age(run: Run) -> float:
    return run.started_at.timestamp()


def _drawn(name: str, **context: Any) -> Markup:
    return Markup(render_template(f"playbooks/panels/{name}.html", **context))  # noqa: S704  # our own
