"""Notices: who is told by mail that something waits."""

from datetime import timedelta

from cyberdesk.core.letters import carriage
from cyberdesk.core.letters.carriage import Obstacle
from cyberdesk.core.letters.writing import TOPIC
from cyberdesk.core.room import Room, Sweep
from cyberdesk.core.text import _
from cyberdesk.desk.notices.policy import POLICY


def _carry(letter_id: str) -> None:
    from cyberdesk.desk.notices.carrying import carry

    carry(letter_id)


def _call_witness(checkpoint_id: str) -> None:
    from cyberdesk.desk.notices.witnesses import call

    call(checkpoint_id)


def _gather() -> int:
    from cyberdesk.desk.notices.forwarding import gather

    return gather()


def _forward(entry_id: str) -> None:
    from cyberdesk.desk.notices.forwarding import forward

    forward(entry_id)


def _obstacle() -> Obstacle | None:
    from cyberdesk.desk.connectors.service import acts

    if acts("mail"):
        return None
    return Obstacle(
        _("No letter leaves yet: no mail server is set up. Letters wait until there is one."),
        _("Set mail up"),
        "connectors.show",
        {"name": "mail"},
    )


def _wire() -> None:
    from cyberdesk.core.events import events
    from cyberdesk.desk.notices import carrying, journal, telling, witnesses

    carriage.carried_by(_obstacle)
    events.subscribe("process:started", witnesses.appoint)
    events.subscribe("journal:signed", witnesses.tell)
    events.subscribe("journal:broken", journal.tell)
    events.subscribe("case:opened", telling.tell_desk_of_opening)
    events.subscribe("case:message", telling.tell_of_message)
    events.subscribe("case:closed", telling.tell_of_closing)
    events.subscribe("clock:reminder", telling.tell_of_clock)
    events.subscribe("clock:breached", telling.tell_of_clock)
    events.subscribe("delivery:retried", carrying.take_up)


def _warm() -> None:
    from cyberdesk.desk.notices import carrying  # noqa: F401  # it is the import that takes long


ROOM = Room(
    name="notices",
    title=_("Notices"),
    policy=POLICY,
    deliveries={TOPIC: _carry, "witness:call": _call_witness, "journal:forward": _forward},
    sweeps=(Sweep("journal:forward", timedelta(seconds=3), _gather),),
    wire=_wire,
    warm=_warm,
)
