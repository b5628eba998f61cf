"""How long it takes to verify a journal of 100 000 entries. The limit to hold is one second."""

import io
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import text

from bench.machine import Number
from cyberdesk.core import db
from cyberdesk.core.audit import checkpoints, exported, stored
from cyberdesk.core.audit.checkpoints import checkpoint
from cyberdesk.core.audit.sequencer import integrate_all
from cyberdesk.core.crypto.signing import Signer
from cyberdesk.core.db.engine import owner_engine
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.db.schema import create_schema
from cyberdesk.core.embedded.postgres import Postgres
from cyberdesk.rooms import open_rooms

LIMIT = 1.0  # seconds, for 100 000 entries
FILL = """
INSERT INTO audit_entries (id, at, actor_kind, actor_id, actor_name, action, subject_type,
  subject_id, case_id, key_id, salt, payload)
SELECT uuidv7(), now(), 'person', gen_random_uuid(), 'Léa Dupont', 'step:complete', 'steps',
  gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), uuid_send(gen_random_uuid()),
  convert_to(repeat(md5(n::text), 8), 'UTF8') FROM generate_series(1, :entries) n
"""


def timed(act: Callable[[], object], *, times: int = 1) -> float:
    best = float("inf")
    for _ in range(times):
        start = time.perf_counter()
        act()
        best = min(best, time.perf_counter() - start)
    return best


def measure(*, long: bool) -> list[Number]:
    """Fill a journal, sign it and verify it, in the database and as an export."""
    place = Path(tempfile.mkdtemp(prefix="cyberdesk-"))
    try:
        return _measure(place, 1_000_000 if long else 100_000)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _measure(folder: Path, entries: int) -> list[Number]:
    server, signer = Postgres(folder, durable=False), Signer.generate("bench/journal")
    owner = owner_engine(server.start())
    open_rooms()
    try:
        with owner.begin() as connection:
            create_schema(connection)
        db.use(db.Database(server.dsn))
        checkpoints.use(signer)
        with db.atomic(SYSTEM) as session:
            session.execute(text(FILL), {"entries": entries})
        integrated = timed(integrate_all)
        signed = timed(checkpoint)
        with owner.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.execute(text("VACUUM ANALYZE"))  # as autovacuum does within a minute
        keys = [signer.verifier]
        found = timed(lambda: stored.check(server.dsn, keys), times=5)
        lines = export(server.dsn)
        exports = timed(lambda: exported.check_export(iter(lines), keys), times=3)
    finally:
        db.database().close()
        owner.dispose()
        server.stop()
    of = f"of {entries:,} entries".replace(",", " ")
    return [
        Number(f"verify the journal {of}", found, "s", LIMIT * entries / 100_000),
        Number(f"verify an export {of}", exports, "s"),
        Number(f"enter {of} into the tree, and sign", integrated + signed, "s"),
    ]


def export(dsn: str) -> list[str]:
    out = io.StringIO()
    with stored.connect(dsn) as connection:
        size, notes = stored.size(connection), stored.notes(connection)
        exported.write_export(out, size=size, notes=notes, entries=stored.entries(connection))
    return out.getvalue().splitlines(keepends=True)
