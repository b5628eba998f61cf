"""Runs as a program meets them: read within its person's reach, told of signals once."""

from uuid import uuid4

import pytest

from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.desk.cases import service as cases
from tests.desk.cases.conftest import HOUSE, ending
from tests.desk.playbooks.test_titles import tables_with
from tests.factories.machines import make_machine

WAITS = (
    "a: {task: {fr: Faire, en: Do}, who: mayor, within: 1h}\n"
    "w: {wait: {signal: provider.report, timeout: 5d}, out: {n: n}}\n"
    "b: {task: {fr: Dire, en: Tell}, who: commune}\n"
)


@pytest.fixture
def machine_of(app, world):
    return lambda who, scopes=None: make_machine(app, world.people[who], scopes)


@pytest.fixture
def run_id(bench):
    return bench.start(WAITS, more="variables: {n: {type: integer}}\n")


@pytest.fixture
def reference(bench):
    with atomic(SYSTEM):
        return bench.case().reference


def sent(name="provider.report", **more):
    return {"name": name, "id": str(uuid4()), **more}


def test_the_runs_of_a_case_say_what_they_wait_for(machine_of, bench, run_id, reference) -> None:
    (run,) = machine_of("responder").get(f"/cases/{reference}/runs").json["data"]
    assert (run["id"], run["playbook"], run["status"]) == (str(run_id), "trial", "running")
    assert run["version"] == bench.run(run_id).hash
    assert run["why"] == {"fr": "Choisie à la main", "en": "Chosen by hand"}
    (wait,) = run["waits"]
    assert (wait["kind"], wait["detail"], wait["title"]["en"]) == ("open", "mayor", "Do")
    bench.answer("a")
    whole = machine_of("responder").get(f"/runs/{run_id}").json
    assert [(one["path"], one["status"]) for one in whole["steps"]] == [
        ("a", "done"),
        ("w", "waiting"),
    ]


@pytest.mark.parametrize("who", ["member", "southerner", "stranger"])
def test_nobody_else_reads_or_signals(machine_of, run_id, reference, who) -> None:
    machine = machine_of(who)
    assert machine.get(f"/cases/{reference}/runs").status_code in {403, 404}
    assert machine.get(f"/runs/{run_id}").status_code in {403, 404}
    assert machine.post(f"/runs/{run_id}/signals", sent()).status_code in {403, 404}


def test_a_token_without_the_scope_does_not_signal(machine_of, run_id) -> None:
    machine = machine_of("responder", {"run:read", "case:read"})
    assert machine.get(f"/runs/{run_id}").status_code == 200
    assert machine.post(f"/runs/{run_id}/signals", sent()).status_code == 403


def test_a_signal_counts_once_and_lets_the_run_go_on(machine_of, bench, run_id) -> None:
    bench.answer("a")
    machine, signal = machine_of("responder"), sent(payload={"n": 3})
    assert machine.post(f"/runs/{run_id}/signals", signal).json == {"new": True}
    assert bench.waits(run_id) == {"b": "open"}
    assert machine.post(f"/runs/{run_id}/signals", signal).json == {"new": False}
    assert bench.state(run_id)["contexts"][""]["vars"]["n"] == 3


@pytest.mark.parametrize(
    "body",
    [
        sent(name="Provider Report"),
        sent(name="x" * 101),
        {"name": "a.b", "id": "court"},
        {"name": "a.b", "id": "des mots avec espaces"},
        sent(payload={"x": {"y": 1}}),
        sent(payload={f"f{n}": n for n in range(51)}),
        sent(payload={"x": "a" * 5_000}),
        sent(status="completed"),
        {},
    ],
)
def test_a_wrong_signal_is_refused(machine_of, bench, run_id, body) -> None:
    assert machine_of("responder").post(f"/runs/{run_id}/signals", body).status_code == 422
    assert bench.waits(run_id) == {"a": "open"}


def test_what_a_signal_says_is_sealed(machine_of, bench, run_id) -> None:
    body = sent(payload={"words": "Nadia-Secrete", "n": 1})
    assert machine_of("responder").post(f"/runs/{run_id}/signals", body).status_code == 200
    assert tables_with("Nadia-Secrete") == []


def test_an_ended_run_takes_no_signal(machine_of, bench, run_id) -> None:
    with atomic(SYSTEM):
        cases.close_case(HOUSE, bench.case(), **ending())
    assert machine_of("lead").post(f"/runs/{run_id}/signals", sent()).status_code == 409
