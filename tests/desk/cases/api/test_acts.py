"""Acting on cases through the API: the same rights and the same rules as on the desk's pages."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from tests.desk.cases.conftest import ending

KEY = "Idempotency-Key"


@pytest.fixture
def reference(open_case):
    return open_case()


def test_a_token_takes_for_its_person(desk, world, reference):
    taken = desk.post(f"/cases/{reference}/take")
    assert taken.status_code == 200
    assert taken.json["desk"]["owner"] == {"id": str(world.responder.id), "name": "Camille Roux"}
    assert desk.get("/cases?owner=me").json["data"][0]["reference"] == reference
    assert desk.get("/me").json["person"] == str(world.responder.id)


def test_the_second_to_take_learns_who_was_faster(desk, machine_of, reference):
    desk.post(f"/cases/{reference}/take")
    late = machine_of("second").post(f"/cases/{reference}/take")
    assert late.status_code == 409
    assert "Camille Roux" in late.json["detail"]


def test_a_case_goes_from_hand_to_hand(desk, machine_of, world, reference):
    at = f"/cases/{reference}"
    desk.post(f"{at}/take")
    given = desk.post(f"{at}/hand-over", {"to": str(world.second.id), "note": "Rappel à 14 h."})
    assert given.json["desk"]["owner"]["name"] == "Noé Blanc"
    not_ours = desk.post(f"{at}/release", {"reason": "x"})
    assert not_ours.status_code == 403
    assert machine_of("second").post(f"{at}/release", {"reason": "fini"}).status_code == 200
    stranger = desk.post(f"{at}/hand-over", {"to": str(uuid4()), "note": "x"})
    assert stranger.status_code == 422
    assert list(stranger.json["errors"]) == ["to"]


def test_another_severity_stands_beside_the_computed_one(desk, reference):
    at = f"/cases/{reference}"
    case = desk.post(f"{at}/severity", {"to": 4, "reason": "La paie part demain."}).json
    assert (case["level"], case["desk"]["computed_level"]) == (4, 3)
    assert case["desk"]["override"]["reason"] == "La paie part demain."
    again = desk.post(f"{at}/severity", {"to": 4, "reason": "x"})
    assert again.status_code == 409
    back = desk.post(f"{at}/severity/computed", {"reason": "Fausse alerte."})
    assert (back.json["level"], back.json["desk"]["override"]) == (3, None)


def test_escalating_moves_it_up(desk, reference):
    before = desk.get(f"/cases/{reference}").json["desk"]["rank"]
    case = desk.post(f"/cases/{reference}/escalate", {"reason": "Trop gros."}).json
    assert case["desk"]["escalated_at"]
    assert case["desk"]["rank"] > before


def test_closing_tells_all_that_is_missing_at_once(desk, reference):
    bare = {"outcome": "incident", "determination": "maybe", "letter": ""}
    refused = desk.post(f"/cases/{reference}/close", bare)
    assert refused.status_code == 422
    fields = {"determination", "letter", "causes", "damages", "cause", "damage", "lessons"}
    assert set(refused.json["errors"]) == fields
    assert desk.get(f"/cases/{reference}").json["state"] == "open"


def test_a_case_is_closed_and_opened_again(desk, reference):
    at = f"/cases/{reference}"
    closed = desk.post(f"{at}/close", ending())
    assert (closed.json["state"], closed.json["outcome"]) == ("closed", "incident")
    assert desk.post(f"{at}/take").status_code == 409
    assert desk.post(f"{at}/reopen", {"reason": "Ils reviennent."}).json["state"] == "open"
    assert desk.post(f"{at}/reopen", {"reason": "x"}).status_code == 409


def test_what_was_decided_on_an_older_state_is_refused(desk, machine_of, reference):
    at = f"/cases/{reference}"
    read = desk.get(at)
    machine_of("lead").post(f"{at}/severity", {"to": 4, "reason": "pire"})
    strict = desk.post(f"{at}/take", If_Match=read.headers["ETag"])
    assert strict.status_code == 412
    seen = desk.post(f"{at}/close", ending(seen=read.json["version"]))
    assert seen.status_code == 409
    assert "Aïcha Lebon" in seen.json["detail"]
    fresh = desk.get(at).headers["ETag"]
    assert desk.post(f"{at}/take", If_Match=fresh).status_code == 200


def test_of_two_with_the_same_tag_one_wins(app, desk, machine_of, reference):
    tag = desk.get(f"/cases/{reference}").headers["ETag"]
    machines = [desk, machine_of("second"), machine_of("lead")]

    def take(machine):
        return machine.post(f"/cases/{reference}/take", If_Match=tag).status_code

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(take, machines)) == [200, 412, 412]


def test_the_same_note_sent_at_once_and_again_is_written_once(desk, reference):
    key = {KEY: str(uuid4())}

    def send(_):
        return desk.post(f"/cases/{reference}/notes", {"body": "alerte EDR"}, **key).json["id"]

    with ThreadPoolExecutor(3) as pool:
        assert len({*pool.map(send, range(3)), send(0)}) == 1
    assert len(desk.all(f"/cases/{reference}/messages")) == 1


def test_a_key_of_a_refused_act_may_be_used_again(desk, reference):
    key = {KEY: str(uuid4())}
    assert desk.post(f"/cases/{reference}/close", {"outcome": "x"}, **key).status_code == 422
    assert desk.post(f"/cases/{reference}/close", ending(), **key).status_code == 200
    assert desk.post(f"/cases/{reference}/close", ending(), **key).status_code == 200


def test_an_act_that_takes_nothing_refuses_something(desk, reference):
    at = f"/cases/{reference}/take"
    assert desk.post(at, {"for": "somebody else"}).status_code == 422
    assert desk.post(f"{at}?owner=x").status_code == 422
    assert desk.post(at, {}).status_code == 200


def test_direction_marks_are_spelled_out_and_nothing_is_lost(desk, reference):
    made = desk.post(f"/cases/{reference}/notes", {"body": "facture\u202efdp.exe <svg onload=x>"})
    assert made.json["body"] == "facture[U+202E]fdp.exe <svg onload=x>"
