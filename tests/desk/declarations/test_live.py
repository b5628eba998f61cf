"""An open page of the space learns of its case at once, and gives way to the desk."""

import pytest

from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.desk.cases import live, service
from cyberdesk.desk.cases.live import Subscription
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.declarations import ways
from cyberdesk.desk.declarations.models import Way
from tests.factories import actor_of, make_person, sign_in
from tests.factories.declarations import make_declaration


@pytest.fixture(autouse=True)
def hasty(monkeypatch):
    monkeypatch.setattr(live, "PERIOD", 0.01)
    monkeypatch.setattr(live, "PACE", 0)
    monkeypatch.setattr(live, "LIFETIME", 3)


@pytest.fixture
def commune(visitor):
    begun, visitor.case_id = make_declaration()
    visitor.client.set_cookie("dossier", begun.token)
    visitor.at, visitor.token_given = f"/mon-dossier/{begun.reference}", begun.token
    return visitor


@pytest.fixture
def responder(database):
    return actor_of(make_person("responder"))


def hears(answer, responder, case_id):
    """Say whether a stream tells of a message that the desk writes."""
    lines = iter(answer.response)
    assert "retry" in str(next(lines))
    with atomic(responder.scope):
        case = service.access_case(responder, case_id)
        service.write(responder, case, body="Nous arrivons.")
    return any("changed" in str(line) for line in lines)


def test_an_open_page_is_told_at_once(commune, responder):
    answer = commune.get(f"{commune.at}/direct")
    assert answer.mimetype == "text/event-stream"
    assert hears(answer, responder, commune.case_id)
    answer.close()


def test_a_member_of_the_commune_is_told_by_their_session(commune, another, responder):
    with atomic(SYSTEM) as s:
        organisation = s.get_one(Case, commune.case_id).organisation_id
    sign_in(another.client, make_person("member", organisation=organisation))
    answer = another.get(f"{commune.at}/direct")
    assert hears(answer, responder, commune.case_id)
    answer.close()


def test_a_link_that_is_taken_back_hears_nothing_more(commune, responder):
    answer = commune.get(f"{commune.at}/direct")
    with atomic(SYSTEM) as s:
        ways.end(responder, s.get_one(Way, ways.actor_of(commune.token_given).id))
    assert not hears(answer, responder, commune.case_id)
    answer.close()


@pytest.fixture
def crowd(database):
    """All the streams that communes may have, open."""
    pages = [
        live.watch.open(Subscription(f"link:{n}", (), (), None, guest=True))
        for n in range(live.MOST_GUESTS)
    ]
    yield pages
    for page in pages:
        live.watch.close(page)


def test_a_crowd_of_communes_leaves_room_for_the_desk(crowd, commune, another):
    sign_in(another.client, make_person("responder"))
    assert commune.get(f"{commune.at}/direct").status_code == 429
    assert commune.get(f"{commune.at}/parties/state").status_code == 200, "the page asks by itself"
    reference = commune.at.rpartition("/")[2]
    for address in ("/desk/live", f"/desk/cases/{reference}/live"):
        answer = another.get(address)
        assert answer.status_code == 200
        answer.close()
    live.watch.close(crowd[0])
    answer = commune.get(f"{commune.at}/direct")
    assert answer.status_code == 200
    answer.close()


def test_one_link_holds_a_few_streams_and_the_newest_page_has_one(commune, responder):
    held = [commune.get(f"{commune.at}/direct") for _ in range(live.MOST_EACH_GUEST + 1)]
    assert {answer.status_code for answer in held} == {200}
    assert len(live.watch) == live.MOST_EACH_GUEST
    assert not hears(held[0], responder, commune.case_id)
    assert hears(held[-1], responder, commune.case_id)
    for answer in held:
        answer.close()


def test_a_part_that_is_the_same_is_not_sent_twice(commune):
    """The token of its forms, signed anew each time, makes no difference."""
    first = commune.get(f"{commune.at}/parties/todo")
    again = {"If-None-Match": first.headers["ETag"]}
    assert commune.get(f"{commune.at}/parties/todo", headers=again).status_code == 304


def test_the_tabs_say_what_waits_but_not_to_whom_reads_it(commune, responder):
    with atomic(responder.scope):
        case = service.access_case(responder, commune.case_id)
        service.write(responder, case, body="Nous arrivons.")
    state = commune.get(f"{commune.at}/parties/tabs?here=space.case").text
    thread = commune.get(f"{commune.at}/parties/tabs?here=space.thread").text
    assert 'class="count' in state
    assert 'class="count' not in thread


def test_no_other_part_of_the_space_renews_itself(commune):
    assert commune.get(f"{commune.at}/parties/people").status_code == 404
