"""Programs by content hash, read from the database once per process: a version never changes."""

from collections.abc import Iterator, Mapping
from functools import lru_cache

from sqlalchemy import select

from cyberdesk.core.db import session
from cyberdesk.desk.playbooks.models import PlaybookVersion
from cyberdesk.desk.playbooks.program import Bound, Program, read_program

_KEPT = 256


class Shelf(Mapping[str, Program]):
    """The engine's library. A transaction must be under way for a hash not yet seen."""

    def __getitem__(self, key: str) -> Program:
        return _program(key)

    def __iter__(self) -> Iterator[str]:
        return iter(session().scalars(select(PlaybookVersion.hash)))

    def __len__(self) -> int:
        return len(list(iter(self)))


@lru_cache(maxsize=_KEPT)
def _program(key: str) -> Program:
    wanted = select(PlaybookVersion.cacao, PlaybookVersion.bound)
    found = session().execute(wanted.where(PlaybookVersion.hash == key)).first()
    if found is None:
        raise KeyError(key)
    return read_program(found.cacao, Bound.read(found.bound))


shelf = Shelf()
