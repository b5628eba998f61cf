"""The call-back: a promise with its time, a task that says what to ask, both kept by one call."""

from datetime import timedelta
from typing import Any

from cyberdesk.core import clock
from cyberdesk.core.access import Actor, system
from cyberdesk.core.text import Text, _, in_each
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.declarations.models import Declaration
from cyberdesk.desk.tasks import service as tasks
from cyberdesk.desk.tasks.models import Task
from cyberdesk.desk.tasks.waiting import open_tasks

CALL_BACK = "call-back"  # the name of a task of our own
_PLAYBOOKS_OWN = "call_back"  # the step with which our playbooks call the commune
_PROMISE = "callback"  # the case's promise, as the queue knows it
WITHIN = {
    4: timedelta(minutes=15),
    3: timedelta(minutes=30),
    2: timedelta(hours=2),
    1: timedelta(hours=4),
}
_AFTER = timedelta(seconds=1)  # the promise itself is what the queue speaks of
_HOUSE = system("intake")
_REACHED = {"reached", "they-called"}
_THEIRS = {"declarant", "mayor", "director", "it", "other"}  # a call to one of them counts


def promise(case: Case, declaration: Declaration) -> None:
    """Promise the call-back, sooner for a graver case."""
    now = clock.now()
    title = _title(reachable=_is_reachable(declaration))
    cases.set_next_due(case, _PROMISE, now + WITHIN[case.level], title, since=now)


def plan(case: Case, declaration: Declaration) -> Task:
    """Return the task that keeps the promise.

    The playbook's own first call is that task; without one, or without a number to call, the
    call-back (or finding how to reach the commune) is opened as a task of its own.
    """
    reachable = _is_reachable(declaration)
    planned = _open_task(case, _PLAYBOOKS_OWN)
    if planned is not None and reachable:
        return planned
    return tasks.open_task(
        _HOUSE,
        case,
        name=CALL_BACK,
        who="responder",
        title=in_each(_title(reachable=reachable)),
        content=_content(reachable=reachable),
        due=clock.now() + WITHIN[case.level] + _AFTER,
        phase="qualify",
    )


def _is_reachable(declaration: Declaration) -> bool:
    return bool(declaration.answers.get("callback_phone"))


def _title(*, reachable: bool) -> Text:
    return _("Call the person who declared") if reachable else _("Find how to reach the commune")


def keep_by_call(case: Case, actor: Actor, role: str, outcome: str) -> None:
    """A call that reached the commune keeps the promise, and is the call-back where that is a task.

    The playbook's own task stays open: what it asks is still to be answered.
    """
    if outcome not in _REACHED or role not in _THEIRS:
        return
    cases.set_next_due(case, _PROMISE, None)
    task = _open_task(case, CALL_BACK)
    if task is not None:
        words = str(_("Kept by the call noted on the case."))
        tasks.answer(actor, task, answer="done", words=words)


def keep_by_task(task: Task, actor: Any) -> None:
    """The task answered « done » keeps the promise."""
    del actor
    if task.name in {CALL_BACK, _PLAYBOOKS_OWN} and task.answer == "done":
        cases.set_next_due(task.case, _PROMISE, None)


def _open_task(case: Case, name: str) -> Task | None:
    return next((task for task in open_tasks(case) if task.name == name), None)


def _content(*, reachable: bool) -> dict[str, Any]:
    how = _HOW if reachable else _HOW_TO_FIND
    return {
        "why": in_each(_("A voice is worth more than any page when everything has stopped.")),
        "how": [in_each(line) for line in how],
        "phone": [in_each(line) for line in _SAY],
        "evidence": [in_each(_("The time of the call, who answered, what was decided"))],
    }


_HOW: tuple[Text, ...] = (
    _("Call the number given, then the other one. Let it ring."),
    _("Say the spoken reference: it shows that you are the centre."),
    _("Check what is hit, whether it spreads, what was cut off, who else knows."),
    _("Confirm or change the type and the severity, then note the call."),
)
_HOW_TO_FIND: tuple[Text, ...] = (
    _("Call the town hall’s public number, then its joint authority."),
    _("Write in the thread: the declarant sees it in their space."),
    _("Note each try, so that nobody does it twice."),
)
_SAY: tuple[Text, ...] = (
    _("Good morning, this is the emergency centre. You wrote to us; I have your reference here."),
    _("Is anyone in danger? Which services have stopped?"),
    _("What have you unplugged so far? Please do not switch anything off."),
)
