"""Cases: the noun that every strand shares. The queue, the case page, and the acts on a case."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from cyberdesk.core.access import Actor
from cyberdesk.core.room import Link, Room, Sweep
from cyberdesk.core.text import _
from cyberdesk.desk.cases.journalled import ACTS, SUBJECTS
from cyberdesk.desk.cases.policy import OPENS, POLICY


def _rerank() -> int:
    from cyberdesk.desk.cases.service.waiting import rerank_due

    return rerank_due()


def _wire() -> None:
    from cyberdesk.desk.cases import stories, story

    story.register(stories.STORIES)


def _doors() -> Iterable[Any]:
    from cyberdesk.desk.cases import cards
    from cyberdesk.desk.cases.api import door as api
    from cyberdesk.desk.cases.views import door

    cards.register()
    return (door, api)


def _free(actor: Actor) -> int:
    from cyberdesk.desk.cases import queue

    return queue.free(actor)


ROOM = Room(
    name="cases",
    title=_("Cases"),
    journalled=ACTS | SUBJECTS,
    policy=POLICY,
    opens=OPENS,
    doors=_doors,
    navigation=(
        Link(_("Queue"), "cases.queue", "inbox", "case:list", order=0, badge=_free),
        Link(_("My cases"), "cases.mine", "folder", "case:list", order=1),
    ),
    wire=_wire,
    sweeps=(Sweep("cases:rank", timedelta(seconds=30), _rerank),),
)
