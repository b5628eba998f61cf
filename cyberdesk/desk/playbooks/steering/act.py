"""An act on a run or on one of its steps: its words, its form and its service."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cyberdesk.core.access import Actor
from cyberdesk.core.text import Text
from cyberdesk.desk.playbooks.forms import ReasonForm, SteerForm
from cyberdesk.desk.playbooks.models import Run

Service = Callable[..., object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Something to do, on a page of its own. `service` takes actor and run, and what is typed."""

    name: str
    title: Text
    explained: Text
    done: Text
    icon: str
    may: str
    service: Service
    form: Callable[[], SteerForm] = ReasonForm
    danger: bool = False

    def do(self, actor: Actor, run: Run, form: SteerForm, **of: Any) -> object:
        """Call the service with what the form holds, and with `of`: the step that it is about."""
        return self.service(actor, run, **of, **form.given())


@dataclass(frozen=True, slots=True, kw_only=True)
class RunAct(Act):
    """Something to do to a whole run, at `/desk/runs/<id>/do/<name>`, while `shown` holds."""

    shown: Callable[[Run], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepAct(Act):
    """Something to do to a step, at `/desk/runs/<id>/steps/<entry>/<name>`.

    Whether it can be done is asked of the engine itself, on a copy of the state.
    """
