"""Which role may do what. Each room's policy.py declares its own permissions once, at start."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from cyberdesk.core.text import Text

PUBLIC = "public"
SIGNED_IN = "signed-in"


class Role(StrEnum):
    """The roles of people and of links. A role counts where it is granted, nowhere else."""

    RESPONDER = "responder"  # a strand's desk
    LEAD = "lead"  # leads a desk: overrides, hands over, breaks glass
    OFFICER = "officer"  # a strand's officer: programme figures
    TRAINER = "trainer"
    AUDITOR = "auditor"  # reads the journal, changes nothing
    ADMIN = "admin"  # people, organisations, settings; none of the protected rows
    MEMBER = "member"  # staff of a commune or another organisation, on its own cases
    MANAGER = "manager"  # the same, and its people and contacts
    MAYOR = "mayor"  # decides, reads in plain words
    DPO = "dpo"  # data protection officer: deadlines, their own tasks, messages addressed to them
    PROVIDER = "provider"  # an IT provider, case by case
    DECLARANT = "declarant"  # holds a private link


STAFF = frozenset({Role.RESPONDER, Role.LEAD})
VICTIM = frozenset({Role.MEMBER, Role.MANAGER, Role.MAYOR, Role.DECLARANT})

_by_role: dict[str, set[str]] = {}
_declared: dict[str, frozenset[str]] = {}
_said: dict[str, tuple[Text, Text]] = {}


def say(title: Text, opens: Mapping[str, Text]) -> None:
    """Take in what the permissions of the room `title` open to a program, in words."""
    _said.update({permission: (title, words) for permission, words in opens.items()})


def words_of(permission: str) -> tuple[str, str]:
    """Return the room and the words of `permission`; the code itself when it has none."""
    title, words = _said.get(permission, ("", permission))
    return str(title), str(words)


def declare(policy: Mapping[str, Iterable[str]]) -> None:
    """Take in a room's policy: `{"case:read": {Role.RESPONDER, …}}`. Idempotent."""
    for permission, roles in policy.items():
        held = frozenset(str(role) for role in roles)
        if _declared.setdefault(permission, held) != held:
            raise ValueError(f"permission {permission} is declared twice, differently")
        for role in held:
            _by_role.setdefault(role, set()).add(permission)


def permissions_of(role: str) -> frozenset[str]:
    return frozenset(_by_role.get(role, ()))


def is_declared(permission: str) -> bool:
    return permission in _declared or permission in (PUBLIC, SIGNED_IN)


def declared() -> Mapping[str, frozenset[str]]:
    """Return every permission with its roles: the checked-in truth table is made from it."""
    return dict(_declared)
