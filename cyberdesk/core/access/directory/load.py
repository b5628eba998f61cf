"""Writing the directory: all rows in a few statements, and only what has changed."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, islice
from typing import Any

from sqlalchemy import text

from cyberdesk.core import clock
from cyberdesk.core.access.directory.words import indexed
from cyberdesk.core.db import session
from cyberdesk.core.ids import new_id

_AT_ONCE = 4_000

# A statement finds the parents that those before it wrote: one kind of organisation at a time.
_KINDS = ("region", "departement", "arrondissement", "epci", "commune")
_UPSERT = text("""
    INSERT INTO organisations (id, kind, code, name, search, siren, parent_id, population, facts,
                               fictional, created_at)
    SELECT r.id, r.kind, r.code, r.name, r.search, r.siren, p.id, r.population, r.facts,
           false, :now
      FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r(
           id uuid, kind text, code text, name text, search text, siren text,
           parent_kind text, parent_code text, population integer, facts jsonb)
      LEFT JOIN organisations p ON p.kind = r.parent_kind AND p.code = r.parent_code
    ON CONFLICT (kind, code) DO UPDATE SET
           name = excluded.name, search = excluded.search, siren = excluded.siren,
           parent_id = excluded.parent_id, population = excluded.population,
           facts = organisations.facts || excluded.facts
     WHERE (organisations.name, organisations.search, organisations.siren,
            organisations.parent_id, organisations.population,
            organisations.facts || excluded.facts)
           IS DISTINCT FROM
           (excluded.name, excluded.search, excluded.siren, excluded.parent_id,
            excluded.population, organisations.facts)
""")


@dataclass(frozen=True, slots=True)
class Entry:
    """One organisation of a directory; `parent` is a kind and a code, `also` finds it too."""

    kind: str
    code: str
    name: str
    siren: str | None = None
    parent: tuple[str, str] | None = None
    population: int | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    also: Sequence[str] = ()


def write(entries: Iterable[Entry]) -> int:
    """Insert or bring up to date `entries`; return how many rows changed.

    What others have added to a row (further `facts`, memberships) stays.
    """
    by_kind = sorted(entries, key=_rank)
    return sum(_write(chunk) for _, kind in groupby(by_kind, _rank) for chunk in _chunks(kind))


def _write(chunk: Sequence[Entry]) -> int:
    rows = json.dumps([_row(entry) for entry in chunk], ensure_ascii=False)
    done = session().execute(_UPSERT, {"rows": rows, "now": clock.now()})
    return int(done.rowcount)  # type: ignore[attr-defined]


def _chunks(entries: Iterator[Entry]) -> Iterator[list[Entry]]:
    while chunk := list(islice(entries, _AT_ONCE)):
        yield chunk


def _rank(entry: Entry) -> int:
    return _KINDS.index(entry.kind)


def _row(entry: Entry) -> dict[str, Any]:
    parent_kind, parent_code = entry.parent or (None, None)
    return {
        "id": str(new_id()),
        "kind": entry.kind,
        "code": entry.code,
        "name": entry.name,
        "search": indexed(entry.name, [entry.code, *entry.also]),
        "siren": entry.siren,
        "parent_kind": parent_kind,
        "parent_code": parent_code,
        "population": entry.population,
        "facts": entry.facts,
    }
