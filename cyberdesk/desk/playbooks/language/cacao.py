"""Constants of our CACAO dialect: the published extension, and ids that never change by chance.

What CACAO 2.0 has no word for (forms, roles, deadlines, signals, translations, connector actions)
stands in one extension definition, so that an exported playbook stays valid CACAO.
"""

import hashlib
from typing import Any
from uuid import UUID, uuid5

NAMESPACE = UUID("086cc6bd-a0bc-4c68-90ce-c61ab99338a2")
EXTENSION = "extension-definition--c6d2a8e8-9a30-4b17-b137-48f9256a654a"
CREATED_BY = f"identity--{uuid5(NAMESPACE, 'cyberdesk')}"
ENGINE_AGENT = f"cyberdesk--{uuid5(NAMESPACE, 'engine')}"
ACTION_COMMAND = "cyberdesk-action"

DEFINITION = {
    "type": "extension-definition",
    "name": "CyberDesk",
    "description": "Forms of manual steps, roles, deadlines, signals waited for, breach branches, "
    "translations and connector actions.",
    "created_by": CREATED_BY,
    "schema": "urn:cyberdesk:cacao-extension:1",
    "version": "1.0.0",
}


def playbook_id(name: str) -> str:
    """Return the id of the playbook called `name`, for ever the same (UUIDv5, own namespace)."""
    return f"playbook--{uuid5(NAMESPACE, 'playbook:' + name)}"


def agent_id(kind: str, role: str) -> str:
    return f"{kind}--{uuid5(NAMESPACE, 'role:' + role)}"


def step_id(kind: str, playbook: str, key: str) -> str:
    """Return a stable id of UUIDv4's form, which CACAO 2.0 §10.10 asks of steps."""
    digest = hashlib.sha256(f"{playbook}\n{key}".encode()).digest()
    return f"{kind}--{UUID(bytes=digest[:16], version=4)}"


def extension_of(thing: dict[str, Any], where: str = "step_extensions") -> dict[str, Any]:
    """Return our extension of a playbook, a step or an agent; empty when it has none."""
    found = thing.get(where) or {}
    held = found.get(EXTENSION) if isinstance(found, dict) else None
    return held if isinstance(held, dict) else {}
