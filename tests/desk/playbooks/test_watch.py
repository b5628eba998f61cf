"""The watch: what stands still, what waits for a person, and who may know of it."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from cyberdesk.core import clock
from cyberdesk.core.audit.models import AuditEntry
from cyberdesk.core.connector import ConnectorError
from cyberdesk.core.db import atomic, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.jobs import beats, delivery, outbox
from cyberdesk.core.jobs import service as deliveries
from cyberdesk.core.jobs.bell import Bell
from cyberdesk.core.jobs.models import Message, SweeperBeat
from cyberdesk.core.jobs.sweeper import Sweeper
from cyberdesk.core.letters import write
from cyberdesk.core.letters.models import Letter
from cyberdesk.core.room import Sweep
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.notices import carrying
from cyberdesk.desk.playbooks import service, watch
from cyberdesk.desk.playbooks.models import Effect, Run
from tests.desk.cases.conftest import HOUSE, ending
from tests.desk.playbooks.conftest import entry, lost_effect, words
from tests.desk.playbooks.test_pages import D, T
from tests.desk.playbooks.test_titles import tables_with

ADDRESS = "maire.secret@example.org"
DEAD = "/desk/surveillance/a-reprendre"
FAILING = "a: {do: deed.fold, with: {mode: down}}\n"


def badge(user) -> str:
    """What the navigation says beside the watch."""
    page = user.get("/desk/procedures").get_data(as_text=True)
    item = page.partition('href="/desk/surveillance"')[2].partition("</a>")[0]
    return item.partition('class="count">')[2].partition("<")[0]


@pytest.fixture
def refused(bench, monkeypatch):
    """A letter of the case that a mail server refused for good, naming its address."""

    def perform(*_given):
        raise ConnectorError(f"550 no such user {ADDRESS}", done=False, again=False)

    monkeypatch.setattr(
        carrying, "prepare", lambda *_a, **_k: type("P", (), {"perform": perform})()
    )
    monkeypatch.setattr(carrying, "acts", lambda _name: True)
    with atomic(SYSTEM):
        session().execute(update(Message).values(delivered_at=clock.now()))
        case = bench.case()
        write("message-waiting", to=ADDRESS, case=case, reference=case.reference)
    delivery.drain(5)
    with atomic(SYSTEM):
        return session().scalars(select(Message.id).where(Message.failed_at.is_not(None))).one()


# -- what waits for a person


def test_an_effect_to_verify_waits_in_the_list_and_in_the_badge(bench, browser, deeds) -> None:
    run_id = lost_effect(bench)
    one = browser()
    page = one.get(DEAD)
    assert "Did it happen?" in words(page)
    assert f"{entry(bench, run_id, 'a')}/verify" in page.get_data(as_text=True)
    assert badge(one) == "1"
    one.submit(f"{entry(bench, run_id, 'a')}/verify", {"answer": "done", "reason": "vu"})
    assert badge(one) == ""
    assert "Nothing waits for you here" in words(one.get(DEAD))


def test_a_failure_waits_until_it_is_settled_and_comes_back_with_a_new_one(
    bench,
    browser,
    deeds,
) -> None:
    run_id = bench.start(FAILING, exception=False)
    bench.wake(run_id)
    one = browser()
    assert "connection refused" in words(one.get(DEAD))
    assert badge(one) == "1"
    where = f"/desk/runs/{run_id}/do/settle"
    assert one.submit(where, {"reason": " "}).status_code == 422
    assert one.submit(where, {"reason": "Prévenus par téléphone"}).status_code == 302
    assert badge(one) == ""
    assert one.submit(where, {"reason": "encore"}).status_code == 409
    with atomic(SYSTEM):
        service.retry(HOUSE, session().get_one(Run, run_id), path="a")
    bench.wake(run_id)
    assert badge(one) == "1"
    with atomic(SYSTEM):
        cases.close_case(HOUSE, bench.case(), **ending())
    assert badge(one) == ""


def test_the_lists_are_read_by_their_index(bench) -> None:
    with atomic(SYSTEM):
        session().execute(select(Run))
        from sqlalchemy import text

        session().execute(text("SET LOCAL enable_seqscan = off"))
        for where in ("waits @> '[\"verify\"]' AND ended_at IS NULL",
                      "dead > 0 AND settled_at IS NULL"):  # fmt: skip
            told = session().execute(text(f"EXPLAIN SELECT id FROM playbook_runs WHERE {where}"))
            plan = " ".join(row[0] for row in told)
            assert "ix_playbook_runs_unsure" in plan or "ix_playbook_runs_dead" in plan


# -- deliveries


def test_a_refused_mail_waits_for_the_desk_of_its_case_alone(bench, browser, refused) -> None:
    lead, admin, stranger = browser("lead"), browser("admin"), browser("stranger")
    with atomic(SYSTEM):
        reference = bench.case().reference
    assert reference in words(lead.get(DEAD))
    assert "550 no such user" in words(lead.get(DEAD))
    assert badge(lead) == "1"
    theirs = words(admin.get(DEAD))
    assert reference not in theirs
    assert "550" not in theirs
    assert "a case not open to you" in theirs or "un dossier qui ne vous est pas ouvert" in theirs
    assert badge(admin) == "1"
    assert "Envoyer" not in words(stranger.get(DEAD))
    assert badge(stranger) == ""
    for act in ("retry", "give-up"):
        where = f"/desk/surveillance/envois/{refused}/{act}"
        assert stranger.submit(where, {"reason": "x"}).status_code == 404
        assert browser("member").submit(where, {"reason": "x"}).status_code == 403


def test_no_address_stays_in_the_clear(bench, refused) -> None:
    assert tables_with("maire.secret") == []
    assert tables_with("no such user") == ["letters", "outbox"]


def test_a_refused_mail_is_tried_again_and_arrives(bench, browser, refused, monkeypatch) -> None:
    sent = []
    done = type("P", (), {"perform": lambda _self: sent.append(1) or {"message_id": "<1>"}})
    monkeypatch.setattr(carrying, "prepare", lambda *_a, **_k: done())
    one = browser()
    one.submit(f"/desk/surveillance/envois/{refused}/retry")
    delivery.drain(5)
    assert sent == [1]
    with atomic(SYSTEM):
        assert session().get_one(Message, refused).delivered_at is not None
        letter = session().scalars(select(Letter)).one()
        assert (letter.failed_at, letter.said) == (None, "<1>")
        actions = session().scalars(select(AuditEntry.action)).all()
        assert "delivery:retry" in actions
    assert one.submit(f"/desk/surveillance/envois/{refused}/retry").status_code == 409


def test_giving_up_takes_a_reason_that_is_sealed_with_the_case(bench, browser, refused) -> None:
    one = browser("admin")
    where = f"/desk/surveillance/envois/{refused}/give-up"
    assert one.get(where).status_code == 200
    assert one.submit(where, {"reason": ""}).status_code == 422
    assert one.submit(where, {"reason": "Monsieur Secretan est parti"}).status_code == 302
    assert badge(one) == ""
    assert one.submit(where, {"reason": "encore"}).status_code == 409
    assert tables_with("Secretan") == []
    with atomic(SYSTEM):
        found = session().scalars(select(AuditEntry).where(AuditEntry.action == "delivery:settle"))
        assert found.one().case_id == bench.case_id


def test_a_delivery_without_a_case_is_the_administrator_s(bench, browser) -> None:
    with atomic(SYSTEM):
        session().execute(update(Message).values(delivered_at=clock.now()))
        outbox.send("nobody:knows", thing="1")
    delivery.drain(5)
    assert "nobody:knows" in words(browser("admin").get(DEAD))
    assert "nobody:knows" not in words(browser("lead").get(DEAD))
    with atomic(SYSTEM):
        message = session().scalars(select(Message).where(Message.failed_at.is_not(None))).one()
        deliveries.settle(HOUSE, message, reason="essai")


# -- what stands still


def test_a_run_that_nothing_moves_is_said_on_the_page(bench, browser, deeds) -> None:
    run_id = bench.start("a: {do: deed.fold}\n")
    one = browser()
    assert "Every run has something that will move it" in words(one.get("/desk/surveillance"))
    with atomic(SYSTEM):
        session().execute(update(Effect).values(status="void"))
    with atomic(SYSTEM):
        assert [run.id for run in watch.stuck()] == [run_id]
        reference = bench.case().reference
    assert "One run stands, and nothing will move it" in words(one.get("/desk/surveillance"))
    assert reference in words(one.get("/desk/surveillance"))
    theirs = words(browser("admin").get("/desk/surveillance"))
    assert reference not in theirs
    assert "Saint-Exemple" not in theirs
    other = words(browser("stranger").get("/desk/surveillance"))
    assert "Essai" not in other.partition("Surveillance")[2]
    assert browser("member").get("/desk/surveillance").status_code == 403
    assert browser("auditor").get("/desk/surveillance").status_code == 403


def test_what_has_not_moved_for_a_day_is_listed_with_its_reason(bench, browser) -> None:
    bench.start(f"a: {T}}}\nb: {D}}}")
    later = clock.now() + timedelta(days=2)
    one = browser()
    with clock.using(clock.still(later)), atomic(SYSTEM):
        assert len(watch.long_waits()) == 1
    with atomic(SYSTEM):
        session().execute(update(Run).values(moved_at=clock.now() - timedelta(days=2)))
    assert "Waits for the town hall’s answer" in words(one.get("/desk/surveillance"))


def test_a_lease_whose_worker_is_silent_is_listed(bench, browser, deeds) -> None:
    run_id = bench.start("a: {do: deed.fold}\n")
    with atomic(SYSTEM):
        gone = clock.now() - timedelta(minutes=5)
        session().execute(update(Effect).values(status="leased", leased_until=gone))
    page = words(browser().get("/desk/surveillance"))
    assert "Workers without a sign of life None" not in page
    assert bench.run(run_id).status == "running"


# -- the sweeper


def test_the_sweeper_says_that_it_lives_and_what_it_did(bench, browser) -> None:
    one = browser()
    assert "The sweeper gives no sign of life" in words(one.get("/desk/surveillance"))

    def broken() -> int:
        raise RuntimeError("secret words")

    mine = [
        Sweep("playbooks:timers", timedelta(seconds=1), lambda: 3),
        Sweep("trial:broken", timedelta(seconds=1), broken),
    ]
    sweeper, stop = Sweeper(mine, Bell("unix:///nowhere")), threading.Event()
    running = threading.Thread(target=sweeper.run, args=(stop,))
    running.start()
    try:
        for _try in range(100):
            with atomic(SYSTEM):
                if session().scalar(select(SweeperBeat.holder)):
                    break
            stop.wait(0.1)
    finally:
        stop.set()
        running.join()
    page = words(one.get("/desk/surveillance"))
    assert "The sweeper gives no sign of life" not in page
    assert "Timers of playbooks" in page
    assert "RuntimeError" in page
    assert "secret words" not in page
    with atomic(SYSTEM):
        assert beats.silent_since() is None
        old = clock.now() - timedelta(minutes=2)
        session().execute(update(SweeperBeat).values(at=old))
        assert beats.silent_since() == old
