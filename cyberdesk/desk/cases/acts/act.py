"""An act: its form, its words and its service."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cyberdesk.core.access import Actor
from cyberdesk.core.text import Text
from cyberdesk.core.web.formatting import ZONE
from cyberdesk.desk.cases.forms import CaseForm
from cyberdesk.desk.cases.models import Case


def _as_it_is(_actor: Actor, _case: Case, _form: Any) -> None:
    return None


def is_open(case: Case) -> bool:
    return case.is_open


def always(_case: Case) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Act:
    """Something to do to a case, on a page of its own at `/desk/cases/<reference>/do/<name>`.

    `prepare` fills the form's choices and first values; `do` calls the service with what was typed.
    """

    name: str
    title: Text
    explained: Text
    button: Text
    done: Text
    icon: str
    may: str
    form: Callable[[Case], CaseForm]
    do: Callable[[Actor, Case, Any], object]
    order: int
    prepare: Callable[[Actor, Case, Any], None] = _as_it_is
    shown: Callable[[Case], bool] = is_open
    main: bool = False  # the act that most probably comes next
    danger: bool = False
    tab: str | None = None  # where one lands afterwards


def instant(wall: datetime | None) -> datetime | None:
    """Read a time typed on the wall clock of the communes."""
    return wall.replace(tzinfo=ZONE).astimezone(UTC) if wall else None
