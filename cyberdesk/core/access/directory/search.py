"""Finding an organisation while its name, postal code or INSEE code is being typed."""

from collections.abc import Collection, Sequence
from enum import StrEnum

from sqlalchemy import select, text

from cyberdesk.core.access.directory.words import asked
from cyberdesk.core.access.models import Organisation
from cyberdesk.core.db import session


class Kind(StrEnum):
    """Organisations that can be struck; arrondissements are there to sort by."""

    COMMUNE = "commune"
    EPCI = "epci"
    DEPARTEMENT = "departement"
    REGION = "region"
    LYCEE = "lycee"
    ASSOCIATION = "association"
    CSIRT = "csirt"
    STATE = "state"
    OTHER = "other"


DECLARING = frozenset(Kind)

# Three looks, each with its index, and none taken once there is enough: the name itself, names
# that begin so (read largest first, so that the first few are the answer), rows that hold every
# word. `held` stands apart so that its index is used even before the table was analysed.
_FIND = text("""
    WITH held AS MATERIALIZED (
        SELECT id FROM organisations
         WHERE to_tsvector('simple'::regconfig, search) @@ to_tsquery('simple'::regconfig, :query))
    (SELECT * FROM organisations
      WHERE "left"(search, 2) = :group AND search LIKE :name AND kind = ANY(:kinds)
      ORDER BY population DESC NULLS LAST, search LIMIT :limit)
    UNION ALL
    (SELECT * FROM organisations
      WHERE "left"(search, 2) = :group AND search LIKE :beginning AND kind = ANY(:kinds)
        AND search NOT LIKE :name
      ORDER BY population DESC NULLS LAST, search LIMIT :limit)
    UNION ALL
    (SELECT o.* FROM organisations o JOIN held USING (id)
      WHERE kind = ANY(:kinds) AND search NOT LIKE :beginning AND search NOT LIKE :name
      ORDER BY search LIKE :first DESC, population DESC NULLS LAST, search LIMIT :limit)
    LIMIT :limit
""")


def find_organisations(
    text: str, kinds: Collection[str] = DECLARING, limit: int = 8
) -> Sequence[Organisation]:
    """Return up to `limit` organisations whose words begin with those of `text`.

    The name itself comes first, then names that begin so, then the others; larger places before
    smaller ones. `aix prov`, `st-remy` and `13100` are understood; an empty text finds nothing.
    """
    words = asked(text)
    if not words:
        return []
    wanted = {"kinds": [str(kind) for kind in kinds], "limit": limit, **_ways(words)}
    return session().scalars(select(Organisation).from_statement(_FIND), wanted).all()


def _ways(words: str) -> dict[str, str]:
    # A single letter begins thousands of names: only the commune of Y is meant by it.
    single = len(words) == 1
    return {
        "group": f"{words} "[:2],
        "name": f"{words} %",
        "beginning": f"{words} %" if single else f"{words}%",
        "first": f"{words.split(maxsplit=1)[0]}%",
        "query": "" if single else " & ".join(f"{word}:*" for word in words.split()),
    }
