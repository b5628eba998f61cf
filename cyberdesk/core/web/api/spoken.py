"""Which shapes of the document a part of it speaks of."""

import json
import re
from collections.abc import Mapping
from typing import Any

_REFERENCE = re.compile(r'"#/components/schemas/(\w+)"')


def spoken_of(part: Any, schemas: Mapping[str, Any]) -> set[str]:
    """Return the names of the shapes in `part`, and of those that these are made of."""
    waiting, found = _REFERENCE.findall(json.dumps(part)), set[str]()
    while waiting:
        name = waiting.pop()
        if name not in found and name in schemas:
            found.add(name)
            waiting += _REFERENCE.findall(json.dumps(schemas[name]))
    return found
