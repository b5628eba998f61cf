"""How tasks are told on the timeline."""

from collections.abc import Mapping
from typing import Any

from cyberdesk.core.text import Text, _, bilingual
from cyberdesk.desk.cases.story import Story
from cyberdesk.desk.tasks.view import ANSWERS


def _answered(facts: Mapping[str, Any]) -> Text:
    title = bilingual(facts["title"])
    said = ANSWERS.get(facts["answer"], facts["answer"])
    if facts.get("side") == "desk" and facts.get("who") not in {"responder", "lead"}:
        return _("%(title)s — %(said)s, noted by the desk", title=title, said=said)
    return _("%(title)s — %(said)s", title=title, said=said)


STORIES = {"task:answered": Story(_answered, icon="list", group="playbook")}
