"""Who acted, as the journal's readers are told."""

from cyberdesk.core.access.actor import ActorKind
from cyberdesk.core.text import Text, _

KINDS: dict[str, Text] = {
    ActorKind.PERSON.value: _("A person"),
    ActorKind.LINK.value: _("A private link"),
    ActorKind.TOKEN.value: _("A program"),
    ActorKind.SYSTEM.value: _("CyberDesk itself"),
    ActorKind.ANONYMOUS.value: _("Nobody signed in"),
}


def author_of(kind: str, name: str) -> str:
    """Return the name of whoever acted; which part of the house it was is for the auditor alone."""
    if kind == ActorKind.SYSTEM.value:
        return "CyberDesk"
    return name or str(KINDS.get(kind, kind))
