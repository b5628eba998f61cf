"""The rehearsal of a draft: one case as its author writes it, and every way that there is."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import render_template, request

from cyberdesk.core.access import throttle
from cyberdesk.core.access.throttle import Limit
from cyberdesk.core.errors import InvalidError
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.playbooks import drafts
from cyberdesk.desk.playbooks.rehearsal.scripted import read_script
from cyberdesk.desk.playbooks.shown.drafts import sketch
from cyberdesk.desk.playbooks.shown.rehearsed import Covered, Played, Stage
from cyberdesk.desk.playbooks.views.door import door

_PACE = Limit("playbooks:rehearse", burst=20, every=3)
_SECONDS, _LONGER = 1.5, 10.0


@door.get("/playbook-drafts/<uuid:draft_id>/rehearsal", may="playbook:draft", endpoint="rehearse")
def rehearse(draft_id: UUID) -> str:
    row = drafts.access_draft(actor(), draft_id)
    throttle.slow_down(_PACE, str(actor().id))
    program = sketch(row.source).program
    found: Mapping[str, Any] = {}
    if program is not None:
        stage = Stage(program)
        covered = stage.cover(seconds=_LONGER if "longer" in request.args else _SECONDS)
        found = {"covered": covered, **_played(stage, covered)}
    return render_template("playbooks/rehearsal.html", draft=row, **found)


def _played(stage: Stage, covered: Covered) -> dict[str, Any]:
    """Play the way that was asked for, else the case that the author has written."""
    way = _way(stage, covered, request.args.get("way", type=int))
    if way is not None:
        return {"played": way[1], "taken": way[0], "script": ""}
    script = request.args.get("script", "")
    try:
        return {"played": stage.play(read_script(script, stage.program)), "script": script}
    except InvalidError as refusal:
        return {"script": script, "wrong": [str(one) for one in refusal.fields["script"]]}


def _way(stage: Stage, covered: Covered, number: int | None) -> tuple[Any, Played] | None:
    if number is None or not 0 <= number < len(covered.ways):
        return None
    play = covered.coverage.taken.get(covered.coverage.ways[number])
    return (covered.ways[number], stage.told(play.trace)) if play else None
