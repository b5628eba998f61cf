"""Where a playbook is at work and has been: its runs within reach, and those that call it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import defer, joinedload

from cyberdesk.core.clock import now
from cyberdesk.core.db import session
from cyberdesk.core.text import bilingual, language
from cyberdesk.core.web.api import PageQuery, page_of
from cyberdesk.core.web.formatting import duration
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.playbooks.models import PlaybookVersion, Run
from cyberdesk.desk.playbooks.shelf import shelf
from cyberdesk.desk.playbooks.shown.run import STATUSES, ending_of
from cyberdesk.desk.playbooks.versions import every_current

_AT_ONCE = 25
_FEW = 5


@dataclass(frozen=True, slots=True)
class Past:
    """A run in the history of its playbook."""

    run: Run
    word: str
    tone: str
    icon: str
    ending: str
    lasted: str


@dataclass(frozen=True, slots=True)
class Caller:
    """A playbook that calls this one; `earlier`: not in the version shown."""

    version: PlaybookVersion
    title: str
    earlier: bool


def past(name: str, cursor: str | None) -> tuple[Sequence[Past], str | None]:
    """Return a page of the runs of a playbook, the latest first, and the cursor of the next."""
    order: list[ColumnElement[Any]] = [Run.started_at.expression, Run.id.expression]
    page = page_of(
        _runs().where(Run.name == name),
        order,
        PageQuery(cursor=cursor, limit=_AT_ONCE),
        _past,
        descending=order,
    )
    return page.data, page.next


def under_way(version: PlaybookVersion) -> list[Past]:
    """Return the open runs of a version, the latest first, only a few."""
    wanted = _runs().where(Run.hash == version.hash, Run.ended_at.is_(None))
    found = session().scalars(wanted.order_by(Run.started_at.desc()).limit(_FEW))
    return [_past(run) for run in found]


def callers(version: PlaybookVersion, versions: Sequence[PlaybookVersion]) -> Iterator[Caller]:
    """Yield the current playbooks that call this one, in whichever of its `versions`."""
    ours = {one.hash for one in versions}
    for other in every_current():
        called = ours & set(shelf[other.hash].pinned())
        if called and other.name != version.name:
            yield Caller(other, bilingual(other.title), version.hash not in called)


def _runs() -> Select[Run]:
    return select(Run).options(
        defer(Run.state_sealed), joinedload(Run.case).joinedload(Case.organisation)
    )


def _past(run: Run) -> Past:
    word, tone, icon = STATUSES[run.status]
    lasted: timedelta = (run.ended_at or now()) - run.started_at
    return Past(run, str(word), tone, icon, ending_of(run), duration(lasted, language()))
