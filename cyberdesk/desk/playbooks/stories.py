"""How runs of playbooks are told on the timeline."""

from collections.abc import Mapping
from typing import Any

from cyberdesk.core.text import _, bilingual
from cyberdesk.desk.cases.story import Story

Facts = Mapping[str, Any]


def _title(facts: Facts) -> str:
    return bilingual(facts.get("title"))


STORIES = {
    "run:started": Story(
        lambda f: _("Playbook: %(title)s", title=_title(f)), icon="route", group="playbook"
    ),
    "run:paused": Story(lambda _f: _("Playbook paused"), icon="player-pause", group="playbook"),
    "run:resumed": Story(lambda _f: _("Playbook goes on"), icon="player-play", group="playbook"),
    "run:cancelled": Story(
        lambda _f: _("Playbook cancelled"), icon="ban", group="playbook", tone="warn"
    ),
    "run:completed": Story(
        lambda f: _("Playbook finished: %(outcome)s", outcome=bilingual(f.get("outcome"))),
        icon="ok",
        group="playbook",
        tone="ok",
    ),
    "run:failed": Story(
        lambda _f: _("The playbook could not finish; a person takes over"),
        icon="alert",
        group="playbook",
        tone="bad",
    ),
    "run:migrated": Story(
        lambda f: _("The playbook goes on in another version: %(title)s", title=_title(f)),
        icon="route",
        group="playbook",
    ),
    "run:settled": Story(
        lambda _f: _("Playbook: nothing more is tried"), icon="check", group="playbook"
    ),
    "run:signal": Story(
        lambda f: _("Came in: %(title)s", title=_title(f)), icon="inbox", group="playbook"
    ),
    "run:skip": Story(
        lambda f: _("Step skipped: %(title)s", title=_title(f)),
        icon="player-skip-forward",
        group="playbook",
    ),
    "run:retry": Story(
        lambda f: _("Tried again: %(title)s", title=_title(f)), icon="refresh", group="playbook"
    ),
    "run:redo": Story(
        lambda f: _("Taken up again from: %(title)s", title=_title(f)),
        icon="arrow-left",
        group="playbook",
    ),
}
