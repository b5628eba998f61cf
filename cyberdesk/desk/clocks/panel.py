"""The card of deadlines beside a case."""

from flask import render_template
from markupsafe import Markup

from cyberdesk.core.access import Actor
from cyberdesk.core.text import Text, _, plural
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.cases.panels import CaseAction, CasePanel
from cyberdesk.desk.clocks import service
from cyberdesk.desk.clocks.models import RUNNING


def render(actor: Actor, case: Case) -> Markup:
    clocks = service.clocks(actor, case)
    running = [clock for clock in clocks if clock.state == RUNNING]
    return Markup(  # noqa: S704  # made by our own autoescaped template
        render_template(
            "clocks/panel.html",
            case=case,
            awareness=service.awareness_of(case),
            sure=[clock for clock in running if clock.sure or clock.late],
            doubtful=[clock for clock in running if not clock.sure and not clock.late],
            ended=[clock for clock in clocks if clock.state != RUNNING],
            may_record=actor.may("awareness:record", case.place()),
        )
    )


def still_running(actor: Actor, case: Case) -> Text | None:
    """What closing does not end: the law goes on."""
    count = sum(one.state == RUNNING and one.sure for one in service.clocks(actor, case))
    if not count:
        return None
    return plural(
        "One legal deadline is not done: it goes on running once the case is closed.",
        "%(count)s legal deadlines are not done: they go on running once the case is closed.",
        count,
    )


PANEL = CasePanel(
    "clocks", _("Deadlines"), render, column="side", order=10, may="clock:read", icon="clock"
)


def _address(case: Case) -> str:
    from flask import url_for

    return url_for("clocks.awareness", reference=case.reference)


ACTION = CaseAction(
    "awareness",
    _("When did they know?"),
    "eye",
    _address,
    may="awareness:record",
    order=60,
    shown=lambda _actor, case: service.awareness_of(case) is None,
)
