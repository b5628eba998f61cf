"""Playbooks: written in YAML, held as CACAO 2.0, run so that a case never stands still unseen."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from cyberdesk.core.access import Actor
from cyberdesk.core.room import Gauge, Link, Room, Sweep
from cyberdesk.core.text import _
from cyberdesk.desk.playbooks.journalled import ACTS, SUBJECTS
from cyberdesk.desk.playbooks.policy import OPENS, POLICY


def _wake(run_id: str) -> None:
    from cyberdesk.desk.playbooks.effects import wake

    wake(run_id)


def _fire_timers() -> int:
    from cyberdesk.desk.playbooks.sweeps import fire_timers

    return fire_timers()


def _recover() -> int:
    from cyberdesk.desk.playbooks.sweeps import recover

    return recover()


def _wire() -> None:
    from cyberdesk.core.events import events
    from cyberdesk.desk.cases import story
    from cyberdesk.desk.playbooks import house_acts, listening, signee
    from cyberdesk.desk.playbooks.stories import STORIES

    house_acts.register_all()
    listening.subscribe()
    story.register(STORIES)
    events.subscribe("process:started", signee.heed)


def _prepare() -> None:
    from cyberdesk.desk.playbooks.versions import publish_shipped

    publish_shipped()


def _doors() -> Iterable[Any]:
    from cyberdesk.desk.playbooks import panel
    from cyberdesk.desk.playbooks.api import door as api
    from cyberdesk.desk.playbooks.views import door

    panel.register()
    return [door, api]


def _warm() -> None:
    from cyberdesk.core.db import atomic
    from cyberdesk.core.db.rls import SYSTEM
    from cyberdesk.desk.connectors.catalogue import catalogue
    from cyberdesk.desk.playbooks import effects  # noqa: F401  # it is the import that takes long
    from cyberdesk.desk.playbooks.shelf import shelf
    from cyberdesk.desk.playbooks.versions import every_current

    for installed in catalogue().values():
        installed.kind()
    with atomic(SYSTEM):
        for version in every_current():
            shelf[version.hash]


def _for_a_person(actor: Actor) -> int:
    from cyberdesk.desk.playbooks.shown.watching import badge

    return badge(actor)


def _watch(name: str) -> Any:
    def read() -> Any:
        from cyberdesk.desk.playbooks import watch

        return getattr(watch, name)()

    return read


ROOM = Room(
    name="playbooks",
    title=_("Playbooks"),
    journalled=ACTS | SUBJECTS,
    policy=POLICY,
    opens=OPENS,
    doors=_doors,
    navigation=(
        Link(
            _("Playbooks"),
            "playbooks.library",
            "route",
            "playbook:read",
            order=30,
            begins=(),
            covers=(
                "/desk/playbook-drafts",
                "/desk/playbook-secrets",
                "/desk/playbook-publishers",
            ),
        ),
        Link(
            _("Watchdog"),
            "playbooks.watch",
            "eye",
            "watch:read",
            order=35,
            badge=_for_a_person,
            begins=(),
        ),
    ),
    deliveries={"playbook:wake": _wake},
    sweeps=(
        Sweep("playbooks:timers", timedelta(seconds=1), _fire_timers),
        Sweep("playbooks:recover", timedelta(seconds=2), _recover),
    ),
    wire=_wire,
    prepare=_prepare,
    warm=_warm,
    gauges=(
        Gauge("runs_stuck", "Runs that nothing will move: must be 0.", _watch("stuck_count")),
        Gauge("runs_open", "Runs not ended.", _watch("open_runs"), label="status"),
        Gauge("runs_to_verify", "Effects that a person must check.", _watch("to_verify")),
        Gauge("effects_open", "Effects due or under way.", _watch("open_effects"), label="status"),
    ),
)
