"""The page on which an author plays a draft: all its ways, or a case of one's own."""

import re

import pytest

from tests.desk.playbooks.conftest import words
from tests.desk.playbooks.test_drafts import T, begun
from tests.desk.playbooks.written import playbook

CASE = f"""\
a: {T.replace("}, who", "}, impossible: {n: {task: {fr: Rappeler, en: Call back}, who: lead}}, who")}
b: {{if: it_staff == true, then: {{c: {T}}}, else: {{d: {T}}}}}
"""
MORE = "variables: {it_staff: {type: bool, from: case.it_staff}}\n"


@pytest.fixture
def rehearsal(bench, browser):
    row = begun(bench, playbook(CASE, more=MORE))
    one = browser()

    def play(**asked) -> str:
        where = f"/desk/playbook-drafts/{row.id}/rehearsal"
        return words(one.get(where, query_string=asked))

    return play


def test_a_draft_is_played_through_all_its_ways_and_shows_a_case_for_each(rehearsal) -> None:
    page = rehearsal()
    total = int(re.search(r"(\d+) of \1, in \d+ plays?", page).group(1))
    assert total > 6
    assert "Ways that no play has taken" not in page
    shown = [rehearsal(way=number) for number in range(0, total, 3)]
    assert all("A case that takes this way" in page for page in shown)
    assert "A case that takes this way" not in rehearsal(way=total)


def test_an_author_writes_a_case_and_reads_what_happens_when(rehearsal) -> None:
    page = rehearsal(script="case.it_staff: false\na: impossible")
    assert "+ 10 min" in page
    assert "If that is not possible here" in page
    assert page.index("Not possible here") < page.index("Call back Waits for the lead")
    assert "Finished" in page
    stuck = rehearsal(script="a: nobody")
    assert "It stands still here" in stuck
    assert "Cancelled" in rehearsal(script="cancel: 5m")


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("aa: done", "the nearest is “a”"),
        ("a: perhaps", "Line 1: Possible here: done, impossible"),
        ("cancel: soon", "after how long"),
        ("given: {who: me}", "what it asks when it is started, —"),
        ("[", "These lines cannot be read"),
        ("- a", "Write one line for each step"),
    ],
)
def test_what_an_author_writes_wrong_is_said_with_its_line(rehearsal, script, told) -> None:
    assert told in rehearsal(script=script)


def test_a_draft_with_faults_is_not_played(bench, browser) -> None:
    row = begun(bench, "playbook: [")
    page = words(browser().get(f"/desk/playbook-drafts/{row.id}/rehearsal"))
    assert "Too much is to mend to play it" in page
