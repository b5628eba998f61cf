"""JSON Schema 2020-12, loaded when it is first needed."""

import sys
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator


@cache
def validator() -> type["Draft202012Validator"]:
    """Return the library's class, without the grammar of international addresses (RFC 3987).

    Where the package for it is installed, the library builds that grammar at import: over a second
    in every process that acts. No schema of ours has that format.
    """
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # None: not to be had
    from jsonschema import Draft202012Validator

    return Draft202012Validator
