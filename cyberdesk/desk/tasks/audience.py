"""Whose task it is, and who may see and answer it."""

from cyberdesk.core.access import Actor
from cyberdesk.core.text import Text, _
from cyberdesk.desk.cases.service.sides import narrow
from cyberdesk.desk.cases.service.telling import on_the_desk
from cyberdesk.desk.tasks.models import Task

DESK = frozenset({"responder", "lead"})
VICTIM = frozenset({"commune", "mayor", "dpo", "provider"})
NAMES: dict[str, Text] = {
    "commune": _("Town"),
    "provider": _("IT provider"),
    "responder": _("Responder"),
    "lead": _("Lead"),
    "mayor": _("Mayor"),
    "dpo": _("Data protection officer"),
}


def sees(actor: Actor, task: Task) -> bool:
    """The desk sees every task; the town all that is not the desk's; a provider and a data
    protection officer their own.
    """
    if not actor.may("task:read", task.place()):
        return False
    if on_the_desk(actor, task.case):
        return True
    part = narrow(actor, task.case)
    return task.who in ({part} if part else VICTIM)


def is_own(actor: Actor, task: Task) -> bool:
    """Four eyes: say whether `actor` is asked to confirm what they did themselves."""
    by = (task.content.get("facts") or {}).get("by")
    return task.kind in {"confirm", "approve"} and bool(by) and str(actor.person) == str(by)


def answers(actor: Actor, task: Task) -> bool:
    """The desk may answer for anybody, a lead's task excepted."""
    if not sees(actor, task):
        return False
    if task.who == "lead":
        return actor.may("task:lead", task.place())
    return actor.may("task:answer", task.place())
