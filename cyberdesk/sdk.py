"""The only door for `integrations/`: what a connector may use of the house.

A connector is a folder with `manifest.yaml` (settings as JSON Schema, secret fields, actions with
their class), `connector.py` (a subclass of `Connector`) and `README.md`.
"""

from cyberdesk.core.command import Command
from cyberdesk.core.connector import (
    Connector,
    ConnectorError,
    Context,
    Input,
    Item,
    Looked,
    Reason,
    Repeat,
    Tested,
    action,
    both,
)
from cyberdesk.core.egress import Answer, Egress, EgressRefusedError
from cyberdesk.core.egress.client import NoAnswerError
from cyberdesk.core.egress.tls import trust
from cyberdesk.core.http_calling import BODY, calling, refusal
from cyberdesk.core.http_command import METHODS, HttpCommand

__all__ = [
    "BODY",
    "METHODS",
    "Answer",
    "Command",
    "Connector",
    "ConnectorError",
    "Context",
    "Egress",
    "EgressRefusedError",
    "HttpCommand",
    "Input",
    "Item",
    "Looked",
    "NoAnswerError",
    "Reason",
    "Repeat",
    "Tested",
    "action",
    "both",
    "calling",
    "refusal",
    "trust",
]
