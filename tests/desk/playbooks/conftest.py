"""A case on which playbooks run, and a connector whose other side is a file."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from cyberdesk.core import clock
from cyberdesk.core.access import Actor
from cyberdesk.core.db import atomic, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.desk.connectors import catalogue as connectors
from cyberdesk.desk.connectors import service as connector_service
from cyberdesk.desk.playbooks import effects, service, shelf, sweeps, versions
from cyberdesk.desk.playbooks.effects import wake
from cyberdesk.desk.playbooks.models import Effect, Run, StepInstance
from cyberdesk.desk.tasks import service as tasks
from cyberdesk.desk.tasks.models import Task
from tests.desk.cases.conftest import HOUSE, World, world  # noqa: F401
from tests.desk.playbooks.written import playbook
from tests.factories import sign_in

DEED = Path(__file__).parent / "deed"


@pytest.fixture
def deeds(tmp_path: Path, database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The file in which the connector `deed` writes what really happened."""
    shipped = list(connectors._folders())
    monkeypatch.setattr(connectors, "_folders", lambda: iter([*shipped, DEED]))
    connectors.catalogue.cache_clear()
    file = tmp_path / "deeds"
    with atomic(SYSTEM):
        connector_service.ensure("deed", {"file": str(file)}, {})
    yield file
    connectors.catalogue.cache_clear()


def jump(minutes: float):
    """Let the clock show a later time inside the block."""
    later = clock.now() + timedelta(minutes=minutes)
    return clock.using(clock.still(later))


@dataclass
class Bench:
    """A case, and what a test does with a playbook on it."""

    world: World
    case_id: UUID

    def start(self, steps: str, *, actor: Actor = HOUSE, name: str = "trial", **more) -> UUID:
        with atomic(SYSTEM):
            service_case = self.case()
            version = versions.publish(HOUSE, source=playbook(steps, name=name, **more))
            return service.start_run(actor, service_case, playbook=version.name).id

    def publish(self, steps: str, *, name: str = "trial", **more) -> None:
        """Publish another version of a playbook that runs."""
        with atomic(SYSTEM):
            versions.publish(HOUSE, source=playbook(steps, name=name, **more))

    def case(self):
        from cyberdesk.desk.cases.models import Case

        return session().get_one(Case, self.case_id)

    def run(self, run_id: UUID) -> Run:
        with atomic(SYSTEM):
            return session().get_one(Run, run_id, populate_existing=True)

    def state(self, run_id: UUID) -> dict:
        with atomic(SYSTEM):
            return session().get_one(Run, run_id, populate_existing=True).state

    def waits(self, run_id: UUID) -> dict[str, str]:
        from cyberdesk.desk.playbooks.engine import reasons

        with atomic(SYSTEM):
            run = session().get_one(Run, run_id, populate_existing=True)
            return {r.path: r.kind for r in reasons(shelf.shelf, run.state)}

    def effects(self, run_id: UUID) -> list[tuple[str, str]]:
        with atomic(SYSTEM):
            rows = session().scalars(
                select(Effect).where(Effect.run_id == run_id).order_by(Effect.ticket)
            )
            return [(row.path, row.status) for row in rows]

    def steps(self, run_id: UUID) -> list[tuple[str, str]]:
        with atomic(SYSTEM):
            rows = session().scalars(
                select(StepInstance)
                .where(StepInstance.run_id == run_id)
                .order_by(StepInstance.entry)
            )
            return [(row.path, row.status) for row in rows if "end" not in row.key]

    def task(self, path: str) -> Task:
        """The open task of a step; outside any transaction."""
        with atomic(SYSTEM):
            wanted = select(Task).where(Task.path == path, Task.case_id == self.case_id)
            return session().scalars(wanted.order_by(Task.ticket.desc())).first()

    def answer(self, path: str, said: str = "done", *, actor: Actor | None = None, **values):
        actor = actor or self.world.responder
        with atomic(actor.scope):
            task = tasks.access_task(actor, self.task_id(path))
            return tasks.answer(actor, task, answer=said, values=values)

    def task_id(self, path: str) -> UUID:
        with_open = select(Task.id).where(Task.path == path, Task.state == "open")
        return session().scalars(with_open).one()

    def wake(self, run_id: UUID) -> int:
        return wake(str(run_id))


@pytest.fixture
def bench(world, deeds) -> Bench:  # noqa: F811
    shelf._program.cache_clear()
    return Bench(world, world.open_case())


@pytest.fixture
def browser(app, world):  # noqa: F811
    """A browser in which somebody is signed in; the lead reads English."""

    def made(who="lead"):
        return sign_in(app.test_client(), world.people[who])

    return made


def words(answer) -> str:
    """What a page says, without its marks."""
    plain = re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))
    return re.sub(r"\s+", " ", html.unescape(plain))


def entry(bench, run_id, path) -> str:
    return f"/desk/runs/{run_id}/steps/{bench.state(run_id)['steps'][path]['entry']}"


def lost_effect(bench):
    """A run whose unsafe action was taken by a worker that nobody heard of again."""
    run_id = bench.start(
        "a: {do: deed.blind, with: {what: x}}\n"
        "b: {task: {fr: Rappeler, en: Call back}, who: responder}"
    )
    with atomic(SYSTEM):
        effects._take(run_id)
        effect = session().scalars(select(Effect)).one()
        effect.leased_until = effect.due_at
    assert sweeps.recover() == 1
    return run_id
