"""Whose task it is, and who may see and answer it."""

from cyberdesk.core.access import Actor, Role
from cyberdesk.core.text import Text, _
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
    """The desk sees every task; the town all that is not the desk's; a provider its own."""
    if not actor.may("task:read", task.place()):
        return False
    if on_the_desk(actor, task.case):
        return True
    return task.who in (_PROVIDERS if _only_provides(actor, task) else VICTIM)


def answers(actor: Actor, task: Task) -> bool:
    """The desk may answer for anybody, a lead's task excepted."""
    if not sees(actor, task):
        return False
    if task.who == "lead":
        return actor.may("task:lead", task.place())
    return actor.may("task:answer", task.place())


_PROVIDERS = frozenset({"provider"})


def _only_provides(actor: Actor, task: Task) -> bool:
    place = task.place()
    return {g.role for g in actor.grants if g.covers(place)} == {str(Role.PROVIDER)}
