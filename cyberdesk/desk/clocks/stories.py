"""How clocks are told on the timeline."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cyberdesk.core.text import Text, _, bilingual, language
from cyberdesk.core.web.formatting import date_time
from cyberdesk.desk.cases.story import Story
from cyberdesk.desk.clocks.models import DECLARED

Facts = Mapping[str, Any]


def _end(facts: Facts) -> str:
    return _at(facts["due"]) if facts.get("due") else ""


def _at(instant: str) -> str:
    return date_time(datetime.fromisoformat(instant), language())


def _aware(facts: Facts) -> Text:
    at = _at(facts["at"])
    if facts.get("precision") == DECLARED:
        return _(
            "Nobody could say since when the commune knew: the declaration counts, %(at)s", at=at
        )
    return _("The commune knew of it: %(at)s", at=at)


def _started(facts: Facts) -> Text:
    title = bilingual(facts["title"])
    if not facts.get("due"):
        return _("To be done without delay: %(title)s", title=title)
    return _("Deadline started: %(title)s, until %(end)s", title=title, end=_end(facts))


def _moved(facts: Facts) -> Text:
    title = bilingual(facts["title"])
    return _("Deadline moved: %(title)s, now until %(end)s", title=title, end=_end(facts))


def _reminded(facts: Facts) -> Text:
    title = bilingual(facts["title"])
    if not facts.get("due"):
        return _("To be done without delay: %(title)s", title=title)
    return _("Soon due: %(title)s, %(end)s", title=title, end=_end(facts))


def _done(facts: Facts) -> Text:
    title = bilingual(facts["title"])
    late = _("Met late: %(title)s", title=title)
    return late if facts.get("late") else _("Met: %(title)s", title=title)


STORIES = {
    "clock:awareness": Story(_aware, icon="eye", group="clocks"),
    "clock:started": Story(
        _started,
        icon="clock",
        group="clocks",
        many=lambda n: _("%(count)s deadlines noted", count=n),
    ),
    "clock:moved": Story(
        _moved,
        icon="clock",
        group="clocks",
        many=lambda n: _("%(count)s deadlines moved", count=n),
    ),
    "clock:done": Story(_done, icon="check", group="clocks", tone="ok"),
    "clock:excluded": Story(
        lambda f: _("Does not apply: %(title)s", title=bilingual(f["title"])),
        icon="x",
        group="clocks",
    ),
    "clock:resumed": Story(
        lambda f: _("Runs again: %(title)s", title=bilingual(f["title"])),
        icon="clock",
        group="clocks",
        many=lambda n: _("%(count)s deadlines run again", count=n),
    ),
    "clock:reminder": Story(
        _reminded,
        icon="bell",
        group="clocks",
        tone="warn",
    ),
    "clock:breached": Story(
        lambda f: _("Overdue: %(title)s, since %(end)s", title=bilingual(f["title"]), end=_end(f)),
        icon="alert",
        group="clocks",
        tone="bad",
    ),
}
