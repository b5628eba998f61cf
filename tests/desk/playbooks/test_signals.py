"""A responder says that what a playbook waits for has come in."""

import pytest
from sqlalchemy import select

from cyberdesk.core.db import atomic, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases.models import CaseEvent
from tests.desk.cases.conftest import HOUSE, ending
from tests.desk.playbooks.conftest import words

REPORT = (
    "a: {task: {fr: Demander, en: Ask for it}, who: commune}\n"
    "w: {task: {fr: Le rapport, en: The report}, wait: {signal: provider.report, timeout: 5d}, "
    "out: {hosts: machines, encrypted: locked, seen: at}, on_timeout: {c: {wait: 1d}}}\n"
    "b: {task: {fr: Lire, en: Read it}, who: responder}"
)
READS = (
    "variables: {hosts: {type: integer, description: Machines touched}, "
    "encrypted: {type: bool}, seen: {type: datetime}}\n"
)
CAME = {"reason": "Courriel de M. Durand à 9 h 12."}


@pytest.fixture
def run_id(bench):
    return bench.start(REPORT, more=READS)


@pytest.fixture
def here(run_id):
    return f"/desk/runs/{run_id}/signals/provider.report"


def lines() -> list[CaseEvent]:
    with atomic(SYSTEM):
        return list(session().scalars(select(CaseEvent).where(CaseEvent.kind == "run:signal")))


def procedure(bench) -> str:
    with atomic(SYSTEM):
        return f"/desk/cases/{bench.case().reference}/procedure"


def test_what_is_waited_for_is_said_from_the_case_and_the_run_goes_on(
    bench, browser, run_id, here
) -> None:
    bench.answer("a")
    one = browser()
    page = one.get(procedure(bench))
    assert here in page.get_data(as_text=True)
    assert "Waits since" in words(page)
    assert "The report" in words(one.get(here))
    sent = one.submit(here, CAME | {"q_hosts": "12", "q_encrypted": "true", "q_seen": ""})
    assert sent.status_code == 302
    assert bench.waits(run_id) == {"b": "open"}
    told = bench.state(run_id)["contexts"][""]["vars"]
    assert (told["hosts"], told["encrypted"], told["seen"]) == (12, True, None)
    (line,) = lines()
    assert (line.words, line.desk_only) == (CAME["reason"], True)
    assert line.facts["title"] == {"fr": "Le rapport", "en": "The report"}


def test_sent_twice_it_counts_once_and_who_comes_second_is_told(bench, browser, run_id, here):
    bench.answer("a")
    first, second = browser(), browser("responder")
    second.get(here)
    assert first.submit(here, CAME).status_code == 302
    late = second.submit(here, {"reason": "Reçu aussi par courrier."})
    assert late.status_code == 409
    assert "Reçu aussi par courrier." in late.get_data(as_text=True), "what was typed is kept"
    assert len(lines()) == 1
    assert bench.state(run_id)["signals"] == {}, "nothing is kept for another step"


def test_what_comes_early_is_kept_until_the_playbook_comes_to_it(bench, browser, run_id, here):
    one = browser()
    assert "What may come in early" in words(one.get(procedure(bench)))
    assert "has not come to it yet" in words(one.get(here))
    assert one.submit(here, CAME | {"q_hosts": "3"}).status_code == 302
    assert bench.waits(run_id) == {"a": "open"}
    bench.answer("a")
    assert bench.waits(run_id) == {"b": "open"}
    assert bench.state(run_id)["contexts"][""]["vars"]["hosts"] == 3


def test_what_is_wrong_is_said_at_its_field(bench, browser, run_id, here) -> None:
    bench.answer("a")
    one = browser()
    assert one.submit(here, {"reason": ""}).status_code == 422
    wrong = one.submit(here, CAME | {"q_hosts": "many"})
    assert wrong.status_code == 422
    assert "Write a number" in words(wrong)
    assert one.submit(here, CAME | {"q_other": "x"}).status_code == 422
    assert bench.waits(run_id) == {"w": "waiting"}


def test_what_no_step_waits_for_is_not_there(browser, run_id) -> None:
    assert browser().get(f"/desk/runs/{run_id}/signals/any.thing").status_code == 404


def test_a_closed_case_hears_of_nothing(bench, browser, run_id, here) -> None:
    bench.answer("a")
    with atomic(SYSTEM):
        cases.close_case(HOUSE, bench.case(), **ending())
    assert browser().submit(here, CAME).status_code in {404, 409}
    assert lines() == []
