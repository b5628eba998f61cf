"""What `do:` can name: connectors' actions, and acts of the house itself.

An act of the house writes to the database alone, so it runs in the transaction of its step and
needs no ledger: it is done exactly when the step is. Rooms register theirs in their `wire`.
"""

from collections.abc import Callable, Mapping
from typing import Any

from cyberdesk.core.access import Actor, system
from cyberdesk.core.connector import Repeat
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.connectors import service as connectors
from cyberdesk.desk.connectors.catalogue import catalogue, command_action
from cyberdesk.desk.playbooks.foreign import COMMAND

Input = Mapping[str, Any]
HouseAct = Callable[[Actor, Case, Input], Mapping[str, Any] | None]

ENGINE = system("playbook")
_house: dict[str, HouseAct] = {}


def register(name: str, act: HouseAct) -> None:
    """Let playbooks `do: name`, as `act(actor, case, input) -> output`, in the step's transaction.

    Raising a RefusalError fails the step with its message.
    """
    if _house.setdefault(name, act) is not act:
        raise ValueError(f"two rooms offer the act {name}")


def house_act(name: str) -> HouseAct | None:
    return _house.get(name)


def repeat_of(name: str, given: Input | None = None) -> Repeat | None:
    """Return how far a connector's action may be repeated, or None when none offers it.

    What is `given` to it matters to some: reading a page may be repeated, sending a form may not.
    """
    return connectors.repeat_of(name, given)


def takes_commands(name: str) -> bool:
    """Say whether an action carries out CACAO commands, which name secrets by reference."""
    found = connectors.action_named(name)
    return found is not None and bool(found[1].commands)


def offered() -> frozenset[str]:
    """Return every action that a playbook may name here: the gate's list."""
    of_connectors = {
        f"{name}.{action}"
        for name, installed in catalogue().items()
        for action in installed.manifest.actions
    }
    commands = {
        COMMAND + kind
        for installed in catalogue().values()
        for action in installed.manifest.actions.values()
        for kind in action.commands
    }
    return frozenset(of_connectors | commands | set(_house))


def carried_out_by(name: str) -> str:
    """Return the connector's action behind `command:TYPE`; every other name stands for itself."""
    if not name.startswith(COMMAND):
        return name
    return command_action(name.removeprefix(COMMAND)) or name
