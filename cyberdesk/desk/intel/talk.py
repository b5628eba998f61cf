"""Messages of a case and answers to its tasks, as texts in which observables may stand."""

from collections.abc import Iterable

from cyberdesk.core.access import Actor
from cyberdesk.core.text import _
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.intel.sources import Written
from cyberdesk.desk.tasks import service as tasks


def messages(actor: Actor, case: Case) -> Iterable[Written]:
    """Yield what was written in the thread, notes of the desk too."""
    for one in cases.messages(actor, case):
        by = one.author_name or _("the declarant")
        label = (
            _("Note of %(name)s", name=by) if one.desk_only else _("Message of %(name)s", name=by)
        )
        yield Written("message", one.id, label, one.at, one.body)


def answers(actor: Actor, case: Case) -> Iterable[Written]:
    """Yield the words and the typed values of answered tasks."""
    for task in tasks.tasks_of(actor, case):
        if task.answered_at is None:
            continue
        typed = [held for held in (task.values or {}).values() if isinstance(held, str)]
        text = "\n".join([*typed, task.note or ""])
        label = _("Answer of %(name)s", name=task.answered_by or _("the declarant"))
        yield Written("task", task.id, label, task.answered_at, text)
