"""Fill a database with many cases, as a region would have them, in a few statements.

`python -m bench.seed_cases URL 100000` seeds an existing one (as its owner, past row security).
"""

import sys
from uuid import UUID

from sqlalchemy import Connection, text

from cyberdesk.core import clock
from cyberdesk.core.db.engine import owner_engine
from cyberdesk.core.ids import new_id

COMMUNES = 946
_ORGANISATIONS = text("""
    INSERT INTO organisations (id, kind, code, name, search, population, facts,
                               fictional, created_at)
    SELECT gen_random_uuid(), 'commune', (ARRAY['04','05','06','13','83','84'])[1 + n % 6]
             || lpad(n::text, 3, '0'),
           'Exemple ' || n, 'exemple ' || n, 100 + n * 37 % 40000, '{}', true, now()
      FROM generate_series(1, :communes) n
    ON CONFLICT DO NOTHING
""")
_KEY = text(
    "INSERT INTO data_keys (id, kind, kek_id, wrapped, created_at)"
    " VALUES (:id, 'case', gen_random_uuid(), '', now())"
)
# One case in ten is taken by one of twelve people; half wait for somebody; one in five is late.
_CASES = text("""
    WITH places AS (
        SELECT id, left(code, 2) AS area, row_number() OVER () AS place
          FROM organisations WHERE kind = 'commune'),
    total AS (SELECT count(*) AS many FROM places)
    INSERT INTO cases (id, reference, key_id, strand, kind, subject, title, organisation_id,
        department, state, exercise, severity, level, severity_why, computed_severity,
        computed_level, rank, rank_why, waits_on, waits_since, waits_why, dues, next_due_at,
        next_due_from, next_due_since, next_due_what, opened_at, active_at, moved_at, closed_at,
        version, owner_id, owner_name)
    SELECT gen_random_uuid(), 'CD-' || lpad(n::text, 7, '0'), :key, 'cyber', 'incident',
           (ARRAY['ransomware','mail_account','phishing','ddos'])[1 + n % 4],
           jsonb_build_object('fr', 'Rançongiciel', 'en', 'Ransomware'),
           p.id, p.area, CASE WHEN n % 100 < :open THEN 'open' ELSE 'closed' END, false,
           score, 1 + score / 26, '{"fr": "réseau entier", "en": "whole network"}', score,
           1 + score / 26, (1 + score / 26) * 250 + score * 10 + n % 350,
           '{"reasons": [{"code": "untaken", "points": 300}]}',
           (ARRAY['commune','provider','responder',NULL])[1 + n % 4], now(),
           '{"fr": "une réponse", "en": "an answer"}', '{}',
           now() + (n % 5 - 1) * interval '1 hour', 'tasks', now() - interval '1 day',
           '{"fr": "Rappel", "en": "Call back"}', now() - n * interval '1 minute',
           now() - n * interval '1 second', now() - n * interval '1 second', NULL, 2, NULL, NULL
      FROM generate_series(1, :cases) n
      CROSS JOIN LATERAL (SELECT (n * 7919 % 101) AS score) s
      JOIN places p ON p.place = 1 + n % (SELECT many FROM total)
""")


def seed(connection: Connection, cases: int, *, open_percent: int = 100) -> None:
    """Add `cases` cases on the cyber desk, `open_percent` of them open, and analyse the tables."""
    connection.execute(_ORGANISATIONS, {"communes": COMMUNES})
    key: UUID = new_id()
    connection.execute(_KEY, {"id": key})
    connection.execute(_CASES, {"cases": cases, "key": key, "open": open_percent})
    connection.execute(text("ANALYZE cases"))
    connection.execute(text("ANALYZE organisations"))


def seed_url(url: str, cases: int) -> None:
    engine = owner_engine(url)
    with engine.begin() as connection:
        seed(connection, cases)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM cases"))
    engine.dispose()


if __name__ == "__main__":
    started = clock.now()
    seed_url(sys.argv[1], int(sys.argv[2]))
    print(f"{sys.argv[2]} cases in {(clock.now() - started).total_seconds():.1f} s")
