"""What the hosts have to do: runs of a playbook whose steps act on the far end, and answers to it."""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from bench.orders import found_town, order
from cyberdesk.cli._attached import house
from cyberdesk.core.access import system
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.desk.connectors import service as connectors
from cyberdesk.desk.playbooks import versions
from cyberdesk.desk.tasks import service as tasks
from tests.chaos.books import Books
from tests.chaos.far_end import FarEnd

NAME = "chaos"  # by which the books know the campaign's runs
STEPS = 12
PLUGIN = Path(__file__).parents[1] / "plugin"
_ACTOR = system(NAME)
_HEAD = """\
playbook: chaos
title: {fr: Deux machines, en: Two hosts}
summary: {fr: Deux machines, en: Two hosts}
purpose: [mitigation]
created: 2026-11-22
modified: 2026-11-22
markings: TLP:CLEAR
retention: 1y
sources: [{title: essai, verified_on: 2026-11-22}]
steps:
"""
_STEP = "  s{n}: {{do: chaos.{act}, with: {{what: x}}, retry: {{attempts: 20, first: 1s, timeout: 10s}}}}\n"
_ACTS = ("fold", "look", "fold", "blind")


class Work:
    """The house as one who orders work sees it."""

    def __init__(self, books: Books, far: FarEnd, town: UUID) -> None:
        self.books, self._far, self._town = books, far, town

    def order(self, runs: int) -> None:
        """Open so many cases with a run each."""
        order(_ACTOR, self._town, NAME, runs)

    def open_runs(self) -> int:
        """Count the runs that have not ended; answer what only a person can know."""
        self._answer()
        return self.books.number(
            "SELECT count(*) FROM playbook_runs WHERE name = 'chaos' AND ended_at IS NULL"
        )

    def seconds_since(self, earlier: int) -> float:
        """Return the seconds from the first to the last effect that was done after so many."""
        return float(
            self.books.ask(
                "SELECT extract(epoch FROM max(ended_at) - min(ended_at)) FROM"
                " (SELECT ended_at FROM playbook_effects WHERE status = 'done'"
                " ORDER BY ended_at OFFSET %s) AS later",
                (earlier,),
            )[0][0]
        )

    def done_by(self) -> Mapping[str, int]:
        """Return how many effects each host has brought about."""
        return dict(
            self.books.ask(
                "SELECT split_part(worker, ':', 1), count(*) FROM playbook_effects"
                " WHERE status = 'done' GROUP BY 1"
            )
        )

    def held_by(self, host: str) -> int:
        """Count the effects and deliveries that are leased to processes of `host` right now."""
        return self.books.number(
            "SELECT count(*) FROM playbook_effects WHERE status = 'leased' AND worker LIKE %s",
            (f"{host}:%",),
        )

    def _answer(self) -> None:
        for one in self.books.to_verify(older_than=2):
            happened = self._far.count(one.kind, one.counted_as) > 0
            with atomic(SYSTEM):
                task = tasks.access_task(_ACTOR, one.task_id)
                tasks.answer(_ACTOR, task, answer="done" if happened else "not_done", values={})


@contextmanager
def ordered(data: Path, environment: Mapping[str, str], far: FarEnd) -> Iterator[Work]:
    """Attach to the house and lay out what is needed."""
    os.environ.update(environment)
    sys.path.insert(0, str(PLUGIN))  # the connector is a package of its own there
    source = _HEAD + "".join(
        _STEP.format(n=number, act=_ACTS[number % len(_ACTS)]) for number in range(STEPS)
    )
    with house(data):
        with atomic(SYSTEM):
            connectors.ensure(NAME, {"url": far.url}, {})
            versions.publish(_ACTOR, source=source)
            town_id = found_town()
        yield Work(Books(environment["CYBERDESK_DATABASE_URL"]), far, town_id)
