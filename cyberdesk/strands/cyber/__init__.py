"""The cyber strand: a commune under attack, from the call for help to the closed case."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from cyberdesk.core.text import _
from cyberdesk.strand import CaseKind, Strand
from cyberdesk.strands.cyber.journalled import ACTS
from cyberdesk.strands.cyber.policy import OPENS, POLICY

_FIVE_YEARS = timedelta(days=5 * 365)


def _wire() -> None:
    from cyberdesk.core.events import events
    from cyberdesk.desk.cases import letter, panels, story, vocabulary
    from cyberdesk.desk.clocks import due
    from cyberdesk.desk.declarations import intake
    from cyberdesk.desk.intel import facts as incidents
    from cyberdesk.desk.playbooks import facts
    from cyberdesk.strands.cyber import (
        calling_back,
        case_facts,
        duties,
        ending,
        incident_facts,
        panel,
        wording,
    )
    from cyberdesk.strands.cyber.intake import CyberIntake

    intake.register(CyberIntake())
    due.register("cyber", duties.obligations)
    facts.provide("cyber", case_facts.facts_of)
    incidents.register("cyber", incident_facts.told)
    vocabulary.register("cyber", wording.vocabulary())
    letter.register("cyber", ending.draft)
    panels.add_action(panel.ACTION, panel.CORRECT)
    story.register(panel.STORIES)
    events.subscribe("process:started", duties.heed)
    events.subscribe("case:call", calling_back.keep_by_call)
    events.subscribe("task:answered", calling_back.keep_by_task)
    events.subscribe("task:answered", duties.meet_by_task)
    events.subscribe("clock:changed", duties.follow)


def _doors() -> Iterable[Any]:
    from cyberdesk.desk.cases.panels import add_panel
    from cyberdesk.strands.cyber.api import door as api
    from cyberdesk.strands.cyber.panel import FACTS, PANEL
    from cyberdesk.strands.cyber.views import door

    add_panel(PANEL, FACTS)  # once the desk has put up its own

    return door, api


def _warm() -> None:
    from cyberdesk.strands.cyber.warming import warm

    warm()


def _demo() -> Iterable[Mapping[str, str]]:
    from cyberdesk.strands.cyber.demo import play

    return play()


def _demo_later() -> None:
    from cyberdesk.strands.cyber.demo import play_on

    play_on()


ROOM = Strand(
    name="cyber",
    title=_("Cyber incidents"),
    journalled=ACTS,
    case_kinds={"incident": CaseKind("incident", _("Incident"), _FIVE_YEARS)},
    policy=POLICY,
    opens=OPENS,
    doors=_doors,
    wire=_wire,
    warm=_warm,
    demo=_demo,
    demo_later=_demo_later,
)
