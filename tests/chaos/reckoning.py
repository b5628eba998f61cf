"""Gathering the facts once all is quiet: from the pages, the database, the journal, the far end."""

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from bench.house import House
from cyberdesk.cli._attached import house as attached
from cyberdesk.core.audit.models import AuditEntry
from cyberdesk.core.audit.read import payload_of
from cyberdesk.core.db import atomic, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.desk.declarations.models import Declaration
from cyberdesk.desk.playbooks.models import Run
from cyberdesk.desk.playbooks.watch import stuck_count
from tests.chaos import faults
from tests.chaos.books import Books, counted_as, kind_of
from tests.chaos.comparing import differing
from tests.chaos.far_end import FarEnd
from tests.chaos.faults import Scene
from tests.chaos.ledger import EffectRow, Facts
from tests.chaos.people import Acknowledged, Town

_QUIET_WITHIN = 60.0  # seconds for the last effects and deliveries to be made
_STOPPED_WITHIN = 2.0
_FINAL = ("done", "skipped", "failed", "withdrawn")
_RUNS = "SELECT status, count(*) FROM playbook_runs WHERE name = 'chaos' GROUP BY status"
_OPEN = "SELECT count(*) FROM playbook_runs WHERE name = 'chaos' AND ended_at IS NULL"
_STEPS = """
    SELECT s.path, r.id, count(*) FROM playbook_steps s JOIN playbook_runs r ON r.id = s.run_id
     WHERE r.name = 'chaos' GROUP BY s.path, r.id
"""
_EFFECTS = """
    SELECT e.action, e.key, e.status FROM playbook_effects e JOIN playbook_runs r ON r.id = e.run_id
     WHERE r.name = 'chaos'
"""
_UNDELIVERED = "SELECT count(*) FROM outbox WHERE delivered_at IS NULL AND failed_at IS NULL AND due_at < now()"
_GIVEN_UP = (
    "SELECT topic || ': ' || coalesce(last_error, '') FROM outbox WHERE failed_at IS NOT NULL"
)
_ANSWERED = """
    SELECT count(*) FROM tasks t WHERE t.id = ANY(%s) AND t.state = 'answered' AND 1 = (
      SELECT count(*) FROM audit_entries a WHERE a.subject_id = t.id AND a.action = 'task:answer')
"""


def draw(scene: Scene, town: Town, far: FarEnd) -> Facts:
    """Wait until all is quiet, gather the facts, end the house and look for what outlives it."""
    house, books = scene.house, scene.books
    _quiet(books)
    facts = Facts(
        declared=len(town.told),
        answered=sum(len(told.answers) for told in town.told),
        answered_once=books.number(_ANSWERED, ([t for told in town.told for t in told.answers],)),
        effects=effects_of(books, far),
        runs=dict(books.ask(_RUNS)),
        undelivered=books.number(_UNDELIVERED),
        given_up=[row[0] for row in books.ask(_GIVEN_UP)],
        recoveries=scene.recoveries,
        under_way=scene.under_way,
        versions=scene.versions,
        migrated=scene.migrated,
    )
    seen = {told.reference for told in town.told if _shown(told)}
    with attached(house.data):
        facts.declared_readable = len(seen & _read_back(town.told))
        facts.steps, facts.steps_twice = steps_of(books)
        facts.stuck = stuck()
        facts.differing = differing("chaos", town.undisturbed, far)
    house.stop()
    facts.orphans = [*scene.orphans, *faults.outliving(house.data, within=_STOPPED_WITHIN)]
    facts.journal = _journal(house)
    return facts


def _quiet(books: Books) -> None:
    """Wait until nothing is due any more; what is not quiet by then is for the ledger to tell."""
    end = time.monotonic() + _QUIET_WITHIN
    while time.monotonic() < end:
        if not books.number(_OPEN) and not books.number(_UNDELIVERED):
            return
        time.sleep(0.5)


def effects_of(books: Books, far: FarEnd) -> list[EffectRow]:
    return [
        EffectRow(kind, key, status, far.count(kind, counted_as(action, key)))
        for action, key, status in books.ask(_EFFECTS)
        for kind in [kind_of(action)]
    ]


def _shown(told: Acknowledged) -> bool:
    """Say whether the declarant's own link still shows the case."""
    return told.reference in told.browser.get(f"/mon-dossier/{told.reference}").text


def _read_back(told: Sequence[Acknowledged]) -> set[str]:
    """Return the references of the declarations that open to the very words that were sent."""
    words = {one.reference: one.words for one in told}
    with atomic(SYSTEM):
        held = session().scalars(select(Declaration).where(Declaration.reference.in_(words)))
        return {one.reference for one in held if one.answers.get("words") == words[one.reference]}


def steps_of(books: Books) -> tuple[int, list[str]]:
    """Return how many steps there were, and those that came twice in the table or the journal.

    The chaos playbook has no loop, so that each of its steps comes once in a run, and the sealed
    journal tells once that it came to its end.
    """
    rows = books.ask(_STEPS)
    twice = [f"{path} of {run}: {n} rows" for path, run, n in rows if n > 1]
    told = Counter(_journalled())
    return len(rows), twice + [
        f"{path} of {run}: journalled {n} times" for (run, path), n in told.items() if n > 1
    ]


def _journalled() -> list[tuple[UUID, str]]:
    """Return each run and path of which the journal says that it came to its end."""
    with atomic(SYSTEM):
        runs = set(session().scalars(select(Run.id).where(Run.name == "chaos")))
        wanted = select(AuditEntry).where(AuditEntry.subject_type == "playbook_runs")
        entries = [(e.subject_id, payload_of(e) or {}) for e in session().scalars(wanted)]
    moves: list[tuple[Any, Any]] = [
        (run, path)
        for run, payload in entries
        if run in runs
        for path, status, _answer in payload.get("steps", ())
        if status in _FINAL
    ]
    return moves


def stuck() -> int:
    with atomic(SYSTEM):
        return int(stuck_count())


def _journal(house: House) -> str:
    """Verify the journal of the house that has ended, as an auditor would."""
    command = [sys.executable, "-m", "cyberdesk", "audit", "verify", "--data", str(house.data)]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    return "intact" if checked.returncode == 0 else (checked.stdout + checked.stderr).strip()
