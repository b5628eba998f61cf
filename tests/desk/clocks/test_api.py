"""Legal clocks as a program meets them."""

from datetime import timedelta
from uuid import uuid4

import pytest

from cyberdesk.core import clock
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.clocks import due, service
from tests.factories.machines import make_machine


@pytest.fixture
def machine_of(app, world):
    return lambda who, scopes=None: make_machine(app, world.people[who], scopes)


def cnil(_case, known, _met):
    yield due.Due(
        "GDPR33",
        {"fr": "Prévenir la CNIL", "en": "Tell the CNIL"},
        known,
        known + timedelta(hours=72),
        about={"verified_on": "2026-11-20"},
    )


@pytest.fixture
def running(app, world, monkeypatch):
    """A case with one clock that runs; its reference and the clock's id."""
    monkeypatch.setitem(due._by_strand, "cyber", cnil)
    case_id = world.open_case()
    with atomic(SYSTEM):
        case = cases.find_case(world.responder, case_id)
        service.record_awareness(world.responder, case, at=clock.now() - timedelta(hours=1))
        [row] = service.clocks_of(case)
        return case.reference, str(row.id)


def test_clocks_are_told_with_their_end(machine_of, running):
    reference, clock_id = running
    for who in ("responder", "member"):
        [one] = machine_of(who).get(f"/cases/{reference}/clocks").json["data"]
        assert (one["id"], one["name"], one["state"], one["late"]) == (
            clock_id,
            "GDPR33",
            "running",
            False,
        )
        assert one["title"]["en"] == "Tell the CNIL"
        assert one["verified_on"] == "2026-11-20"


def test_one_is_met_with_proof_and_once(machine_of, running):
    reference, clock_id = running
    machine = machine_of("member")
    body = {"at": clock.now().isoformat(), "proof": "accusé 2026-114"}
    done = machine.post(f"/clocks/{clock_id}/done", body)
    assert (done.status_code, done.json["state"], done.json["proof"]) == (
        200,
        "done",
        "accusé 2026-114",
    )
    assert done.json["done_by"] == "Pont SIEM (Nora Nord)"
    assert machine.post(f"/clocks/{clock_id}/done", body).status_code == 409
    told = machine_of("responder").all(f"/cases/{reference}/timeline")
    assert told[-1]["kind"] == "clock:done"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"proof": "x"}, "at"),
        ({"at": "2026-11-27T10:00:00", "proof": "x"}, "at"),
        ({"at": "2020-01-01T00:00:00Z", "proof": "x"}, "at"),
        ({"at": "2999-01-01T00:00:00Z", "proof": "x"}, "at"),
        ({"at": 1_764_000_000, "proof": "x"}, "at"),
        ({"at": "2026-11-27T10:00:00Z", "proof": "  "}, "proof"),
    ],
)
def test_what_cannot_be_is_refused(machine_of, running, body, field):
    refused = machine_of("member").post(f"/clocks/{running[1]}/done", body)
    assert refused.status_code == 422
    assert list(refused.json["errors"]) == [field]


@pytest.mark.parametrize("who", ["southerner", "stranger"])
def test_clocks_of_another_tenant_are_as_if_they_were_not(machine_of, running, who):
    machine, (reference, clock_id) = machine_of(who), running
    assert machine.get(f"/cases/{reference}/clocks").status_code == 404
    body = {"at": clock.now().isoformat(), "proof": "x"}
    theirs = machine.post(f"/clocks/{clock_id}/done", body)
    none = machine.post(f"/clocks/{uuid4()}/done", body)
    assert (theirs.status_code, theirs.json) == (none.status_code, none.json) == (404, none.json)
