"""Cases: the noun that every strand shares. The queue, the case page, and the acts on a case."""

from datetime import timedelta

from cyberdesk.core.room import Room, Sweep
from cyberdesk.core.text import _
from cyberdesk.desk.cases.policy import POLICY


def _rerank() -> int:
    from cyberdesk.desk.cases.service.waiting import rerank_due

    return rerank_due()


def _wire() -> None:
    from cyberdesk.desk.cases import stories, story

    story.register(stories.STORIES)


ROOM = Room(
    name="cases",
    title=_("Cases"),
    policy=POLICY,
    wire=_wire,
    sweeps=(Sweep("cases:rank", timedelta(seconds=30), _rerank),),
)
