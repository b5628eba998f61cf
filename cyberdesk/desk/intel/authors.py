"""Who says it: the identity of the centre, and ids that tell nothing of what they name."""

import hashlib
from typing import Any
from uuid import UUID

from cyberdesk.core.letters import letterhead

_CREATED = "2026-01-01T00:00:00.000Z"


def centre() -> dict[str, Any]:
    """Return the STIX identity of this centre, the author of all that it shares.

    Its id follows from its address and name, so that it is the same in every export.
    """
    head = letterhead()
    drawn = hashlib.sha256(f"identity\x00{head.base_url}\x00{head.centre}".encode()).digest()
    return {
        "type": "identity",
        "spec_version": "2.1",
        "id": f"identity--{random_like(drawn)}",
        "created": _CREATED,
        "modified": _CREATED,
        "name": head.centre,
        "identity_class": "organization",
    }


def random_like(drawn: bytes) -> UUID:
    """Return 16 hashed bytes as a UUIDv4, which STIX wants of all but observables (§2.9)."""
    return UUID(bytes=drawn[:16], version=4)
