"""Which release of the directory a region was last loaded from: its package's version."""

from sqlalchemy import select

from cyberdesk.core.access.models import Organisation
from cyberdesk.core.db import session

Version = tuple[int, ...]


def read(text: str) -> Version:
    """Return `6.0.1` as `(6, 0, 1)`. Raises ValueError for what is no version."""
    return tuple(int(part) for part in text.split("."))


def loaded(region: str) -> Version:
    """Return the version that `region` holds, `()` before anything was loaded."""
    facts = session().scalar(
        select(Organisation.facts).where(Organisation.kind == "region", Organisation.code == region)
    )
    return read(facts["directory"]) if facts and "directory" in facts else ()
