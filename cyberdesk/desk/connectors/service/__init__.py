"""Setting connectors up, trying them, and letting them act."""

from cyberdesk.desk.connectors.catalogue import command_action
from cyberdesk.desk.connectors.service.acting import (
    Prepared,
    action_named,
    prepare,
    prepare_after,
    repeat_of,
)
from cyberdesk.desk.connectors.service.memory import Seen
from cyberdesk.desk.connectors.service.setting_up import (
    access_connector,
    acts,
    configure,
    ensure,
    setups,
    switch,
)
from cyberdesk.desk.connectors.service.trying import show, test_connection

__all__ = [
    "Prepared",
    "Seen",
    "access_connector",
    "action_named",
    "acts",
    "command_action",
    "configure",
    "ensure",
    "prepare",
    "prepare_after",
    "repeat_of",
    "setups",
    "show",
    "switch",
    "test_connection",
]
