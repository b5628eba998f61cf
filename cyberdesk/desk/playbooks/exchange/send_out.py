"""A version as others can read it: CACAO 2.0 JSON with its signatures."""

import json
from typing import Any

from cyberdesk.desk.playbooks.models import PlaybookVersion


def exported(version: PlaybookVersion) -> dict[str, Any]:
    """Return the whole playbook, canonically equal to the one that was published."""
    whole = dict(version.cacao)
    return whole | {"signatures": version.signatures} if version.signatures else whole


def file_of(version: PlaybookVersion) -> str:
    return json.dumps(exported(version), ensure_ascii=False, indent=2) + "\n"
