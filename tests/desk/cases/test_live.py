"""Open pages learn of changes: one look for all, capped, and only of what they watch."""

import threading
from contextlib import contextmanager

import pytest
from sqlalchemy import event, select

from cyberdesk.core import clock, db
from cyberdesk.core.access.models import Membership, Person
from cyberdesk.core.access.signin import sessions
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.errors import TooManyError
from cyberdesk.desk.cases import live, service
from cyberdesk.desk.cases.live import Subscription, Watch
from cyberdesk.desk.cases.models import Case
from tests.desk.cases.conftest import at_desk
from tests.factories import sign_in


class Still(Watch):
    """Looks when told to, and not by itself."""

    def _run(self):
        return None


@contextmanager
def listening(watch, *, cases=(), desks=(), reader="r", since=None):
    one = watch.open(Subscription(reader, cases, desks, since or clock.now()))
    try:
        yield one
    finally:
        watch.close(one)


def test_a_page_learns_of_its_case_and_of_no_other(world):
    mine, other, watch = world.open_case(), world.open_case(), Still()
    with listening(watch, cases=[mine]) as page:
        watch.look()
        assert not page.wait(0)
        with at_desk(world.responder, other) as case:
            service.take(world.responder, case)
        watch.look()
        assert not page.wait(0)
        with at_desk(world.responder, mine) as case:
            service.take(world.responder, case)
        watch.look()
        assert page.wait(0)
        watch.look()
        assert not page.wait(0)


def test_what_changed_while_the_page_was_loading_is_told_at_once(world):
    loaded, watch = clock.now(), Still()
    case_id = world.open_case()
    with listening(watch, cases=[case_id], since=loaded) as page:
        watch.look()
        assert page.wait(0)


def test_a_queue_learns_of_a_new_case_and_of_a_changed_rank(world):
    watch = Still()
    with listening(watch, desks=["cyber"]) as page, listening(watch, desks=["campus"]) as campus:
        case_id = world.open_case()
        watch.look()
        assert page.wait(0)
        assert not campus.wait(0)
        with at_desk(world.responder, case_id) as case:
            service.set_waiting(case, "commune")
        watch.look()
        assert page.wait(0)


def test_one_look_serves_any_number_of_pages(world):
    case_id, watch, said = world.open_case(), Still(), []
    listen = lambda *args: said.append(args[2])  # noqa: E731
    engine = db.database().engine
    pages = [watch.open(Subscription(f"reader {n}", [case_id], ["cyber"], None)) for n in range(20)]
    event.listen(engine, "before_cursor_execute", listen)
    watch.look()
    event.remove(engine, "before_cursor_execute", listen)
    assert all(page.wait(0) for page in pages)
    assert len(said) == 2  # the cases, the desk; for whom is told with the first


def test_streams_are_capped_for_each_and_for_all(monkeypatch):
    monkeypatch.setattr(live, "MOST", 3)
    monkeypatch.setattr(live, "MOST_EACH", 2)
    watch = Still()
    pages = [watch.open(Subscription("a", [], [], None)) for _ in range(2)]
    with pytest.raises(TooManyError):
        watch.open(Subscription("a", [], [], None))
    watch.open(Subscription("b", [], [], None))
    with pytest.raises(TooManyError):
        watch.open(Subscription("c", [], [], None))
    watch.close(pages[0])
    watch.open(Subscription("a", [], [], None))
    assert len(watch) == 3


def test_the_thread_lives_only_while_somebody_listens(world, monkeypatch):
    monkeypatch.setattr(live, "PERIOD", 0.01)
    watch = Watch()
    page = watch.open(Subscription("a", [world.open_case()], [], clock.now()))
    thread = watch._thread
    assert thread.is_alive()
    assert thread is not threading.current_thread()
    watch.close(page)
    thread.join(5)
    assert not thread.is_alive()


def test_a_stream_says_news_and_signs_of_life_and_ends(monkeypatch):
    monkeypatch.setattr(live, "HEARTBEAT", 0.01)
    monkeypatch.setattr(live, "PACE", 0)
    monkeypatch.setattr(live, "LIFETIME", 0.2)
    page = Subscription("a", [], [], None)
    page._news.set()
    said = list(live.stream(page, lambda: True))
    assert said[:3] == ["retry: 3000\n\n", "event: changed\ndata:\n\n", ": still here\n\n"]
    assert set(said[3:]) == {": still here\n\n"}


def test_nothing_is_told_to_whoever_may_no_longer_know(monkeypatch):
    monkeypatch.setattr(live, "PACE", 0)
    page = Subscription("a", [], [], None)
    page._news.set()
    assert list(live.stream(page, lambda: False)) == ["retry: 3000\n\n"]


@pytest.fixture
def opened(app, world, monkeypatch):
    """A stream of a case, opened by a lead of another desk who broke the glass."""
    monkeypatch.setattr(live, "PERIOD", 0.01)
    monkeypatch.setattr(live, "PACE", 0)
    monkeypatch.setattr(live, "LIFETIME", 3)
    case_id = world.open_case()
    with atomic(SYSTEM) as s:
        reference = s.get_one(Case, case_id).reference
    client = sign_in(app.test_client(), world.people["stranger"])
    client.submit("/desk/break-glass", {"reference": reference, "reason": "incendie"})
    return client, case_id, f"/desk/cases/{reference}/live"


def told(answer, world, case_id):
    """What is told of the case after something has happened there."""
    lines = iter(answer.response)
    assert "retry" in str(next(lines))
    with at_desk(world.responder, case_id) as case:
        service.add_note(world.responder, case, body="du nouveau")
    return any("changed" in str(line) for line in lines)


def test_an_open_stream_tells_of_its_case(opened, world):
    client, case_id, address = opened
    answer = client.get(address)
    assert told(answer, world, case_id)
    answer.close()


@pytest.mark.parametrize("end", ["glass", "role", "session", "account"])
def test_an_open_stream_falls_silent_when_its_reader_may_no_longer(opened, world, end):
    client, case_id, address = opened
    answer, person = client.get(address), world.people["stranger"]
    with atomic(SYSTEM) as s:
        if end in {"glass", "role"}:
            held = select(Membership).where(Membership.person_id == person.id)
            for one in s.scalars(held.where(Membership.case_id == case_id)):
                one.ended_at = clock.now()
        elif end == "session":
            sessions.end_sessions(person.id)
        else:
            s.get_one(Person, person.id).active = False
    assert not told(answer, world, case_id)
    answer.close()


def test_pages_are_let_go_at_once_when_the_process_stops():
    watch = Still()
    with listening(watch, reader="a") as page, listening(watch, reader="b") as another:
        told = live.stream(page, lambda: True)
        assert next(told).startswith("retry:")
        ended = threading.Thread(target=lambda: list(told))
        ended.start()  # it waits for news now
        watch.end()
        ended.join(2)
        assert not ended.is_alive()
        assert list(live.stream(another, lambda: True)) == ["retry: 3000\n\n"]
