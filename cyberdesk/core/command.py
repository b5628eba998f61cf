"""Commands of CACAO 2.0 as a connector takes them: one input, whatever their type (§5 there)."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cyberdesk.core.connector import ConnectorError, Input, both

_LONG = 1_000_000
_BASE64 = "^[A-Za-z0-9+/=\\s]*$"
INPUT: Mapping[str, Any] = {
    "properties": {
        "command": {
            "type": "string",
            "maxLength": 100_000,
            "title": "Command",
            "x-fr": "Commande",
        },
        "command_b64": {
            "type": "string",
            "maxLength": 140_000,
            "pattern": _BASE64,
            "title": "Command in Base64",
            "x-fr": "Commande en Base64",
        },
        "headers": {
            "type": "object",
            "maxProperties": 50,
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
            "title": "Headers (JSON)",
            "x-fr": "En-têtes (JSON)",
            "description": 'Each with its values: {"Accept": ["application/json"]}',
            "x-fr-description": 'Chacun avec ses valeurs : {"Accept": ["application/json"]}',
        },
        "content": {
            "type": "string",
            "maxLength": _LONG,
            "title": "Content",
            "x-fr": "Contenu",
        },
        "content_b64": {
            "type": "string",
            "maxLength": _LONG,
            "pattern": _BASE64,
            "title": "Content in Base64",
            "x-fr": "Contenu en Base64",
        },
        "target": {
            "type": "object",
            "title": "Target (JSON)",
            "x-fr": "Cible (JSON)",
            "description": "An agent-target object of CACAO 2.0, with its address",
            "x-fr-description": "Un objet agent-target de CACAO 2.0, avec son adresse",
        },
        "authentication": {
            "type": "object",
            "title": "Authentication (JSON)",
            "x-fr": "Authentification (JSON)",
            "description": "As in CACAO 2.0. Nothing secret here: it is a rehearsal",
            "x-fr-description": "Comme dans CACAO 2.0. Rien de secret ici : c’est une répétition",
        },
    }
}


def command_input(examples: Mapping[str, Any]) -> dict[str, Any]:
    """Return INPUT with an example for some of its properties, for the rehearsal's form."""
    known: Mapping[str, Any] = INPUT["properties"]
    if strange := set(examples) - set(known):
        raise ValueError(f"examples of no property: {', '.join(sorted(strange))}")
    shown = {name: {"examples": [one]} for name, one in examples.items()}
    return {"properties": {name: told | shown.get(name, {}) for name, told in known.items()}}


@dataclass(frozen=True, slots=True)
class Command:
    """A command, read from its input: Base64 undone, nothing else changed."""

    text: str
    headers: Mapping[str, list[str]]
    content: bytes
    target: Mapping[str, Any]
    authentication: Mapping[str, Any]

    @classmethod
    def read(cls, given: Input) -> "Command":
        """Raises ConnectorError when there is no command, or its Base64 is none."""
        text = given.get("command") or _decoded(given, "command").decode(errors="replace")
        if not text.strip():
            raise ConnectorError(both("the command is empty", "la commande est vide"), again=False)
        content = given.get("content", "").encode() or _decoded(given, "content")
        return cls(
            text,
            given.get("headers") or {},
            content,
            given.get("target") or {},
            given.get("authentication") or {},
        )

    def addresses(self, kind: str) -> list[str]:
        """Return the target's addresses of one kind: url, dname, ipv4 or ipv6."""
        held = self.target.get("address") or {}
        found = held.get(kind) if isinstance(held, Mapping) else None
        listed = found if isinstance(found, list) else []
        return [one.strip() for one in listed if isinstance(one, str) and one.strip()]

    @property
    def host(self) -> str:
        """The target's first name or address, as it stands in a URL; "" when it has none."""
        for kind in ("dname", "ipv4", "ipv6"):
            if found := self.addresses(kind):
                return f"[{found[0].strip('[]')}]" if kind == "ipv6" else found[0]
        return ""

    @property
    def port(self) -> int | None:
        """The target's port, None when it has none. Raises ConnectorError where it is none."""
        told = str(self.target.get("port") or "").strip()
        if not told:
            return None
        if told.isascii() and told.isdecimal() and 0 < int(told) < 2**16:
            return int(told)
        raise ConnectorError(
            both(f"the target's port is {told}", f"le port de la cible est {told}"), again=False
        )


def _decoded(given: Input, name: str) -> bytes:
    try:
        return base64.b64decode("".join(given.get(f"{name}_b64", "").split()), validate=True)
    except (ValueError, binascii.Error) as error:
        raise ConnectorError(
            both(f"{name}_b64 is not Base64: {error}", f"{name}_b64 n’est pas du Base64 : {error}"),
            again=False,
        ) from error
