"""The pages of the desk, through the real application."""

import html
import re

import pytest
from sqlalchemy import select

from cyberdesk.core.access.models import Membership
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.web import frame
from cyberdesk.desk.cases import panels, service
from cyberdesk.desk.cases.acts import ACTS
from cyberdesk.desk.cases.models import Case, CaseMessage, SavedView
from cyberdesk.desk.cases.panels import CasePanel
from tests.desk.cases.conftest import at_desk, ending
from tests.factories import sign_in

FAILED = "ne peut pas être affichée"


@pytest.fixture
def browser(app, world):
    """A browser in which somebody is signed in."""

    def made(who="responder"):
        return sign_in(app.test_client(), world.people[who])

    return made


def by_form():
    """An ending as the form sends it."""
    given = ending()
    for code in given.pop("damages"):
        side, value = code.split("/")
        given[f"damage_{side}"] = value
    return given


def reference_of(case_id):
    with atomic(SYSTEM) as s:
        return s.get_one(Case, case_id).reference


def words(answer):
    """What a page says, without its marks."""
    plain = re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))
    return re.sub(r"\s+", " ", html.unescape(plain))


@pytest.fixture
def case(world):
    case_id = world.open_case()
    return case_id, f"/desk/cases/{reference_of(case_id)}"


def test_the_queue_shows_the_worst_first_with_its_reason(browser, world):
    world.open_case(level=2, severity=40, title={"fr": "Site en panne", "en": "Site down"})
    world.open_case(level=4, severity=95)
    said = words(browser("lead").get("/desk"))
    assert said.index("Ransomware") < said.index("Site down")
    assert "Nobody yet" in said
    assert "whole network" in said
    assert "2 open cases" in said


def test_an_empty_queue_says_so_and_a_filtered_one_says_what_to_do(browser, world):
    assert "Nothing is waiting" in words(browser("lead").get("/desk"))
    assert "No case fits" in words(browser("lead").get("/desk?level=4"))


@pytest.mark.parametrize("who", ["member", "mayor", "southerner", "admin", "auditor"])
def test_the_desk_is_closed_to_those_who_do_not_work_there(browser, case, who):
    user = browser(who)
    assert user.get("/desk").status_code == 403
    assert user.get(case[1]).status_code in {403, 404}


def test_a_case_of_another_desk_is_a_404_like_one_that_does_not_exist(browser, case):
    user = browser("stranger")
    there, nowhere = user.get(case[1]), user.get("/desk/cases/CD-000-000")
    assert there.status_code == nowhere.status_code == 404
    assert words(there) == words(nowhere)


def test_nobody_sees_nothing(client, case):
    for address in ("/desk", case[1], f"{case[1]}/live"):
        assert client.get(address, headers={"Accept": "application/json"}).status_code == 401


def test_taking_in_place_draws_the_row_anew(browser, case):
    answer = browser().submit(f"{case[1]}/take", {}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert answer.get_data(as_text=True).startswith('<li class="row-item')
    assert "toast" in answer.headers["HX-Trigger"]
    again = browser("second").submit(f"{case[1]}/take", {}, headers={"HX-Request": "true"})
    assert again.status_code == 409
    assert "Camille Roux" in words(again)


def test_taking_without_a_script_leads_to_the_case(browser, case):
    user = browser()
    answer = user.submit(f"{case[1]}/take", {}, follow_redirects=True)
    assert answer.status_code == 200
    assert answer.request.path == case[1]


def test_a_button_pressed_by_another_site_does_nothing(browser, case):
    user = browser()
    assert user.post(f"{case[1]}/take").status_code >= 400
    sent = user.submit(f"{case[1]}/take", {}, headers={"Sec-Fetch-Site": "cross-site"})
    assert sent.status_code == 403
    with atomic(SYSTEM) as s:
        assert s.get_one(Case, case[0]).owner_id is None


def test_the_journal_says_in_words_what_its_codes_mean(browser, case):
    user = browser()
    user.get(case[1])
    page = user.get(f"{case[1]}/journal").get_data(as_text=True)
    assert "Dossier lu <small><code>case:read</code></small>" in page


def test_every_tab_and_part_of_a_case_answers(browser, case):
    user = browser()
    for tab in ("", "/timeline", "/messages", "/people", "/journal"):
        answer = user.get(case[1] + tab)
        assert answer.status_code == 200, tab
        assert FAILED not in words(answer), tab
        parts = re.findall(r'data-live-href="([^"]+)"', answer.get_data(as_text=True))
        assert parts
        for part in parts:
            address = html.unescape(part)
            first = user.get(address)
            assert first.status_code == 200, part
            tag = {"If-None-Match": first.headers["ETag"]}
            assert user.get(address, headers=tag).status_code in {200, 304}
    assert user.get(f"{case[1]}/nothing").status_code == 404
    assert user.get(f"{case[1]}/parts/nothing").status_code == 404


def test_a_panel_that_fails_leaves_the_rest_to_be_worked_on(browser, case, monkeypatch):
    def fail(*_given):
        raise ZeroDivisionError

    broken = CasePanel("links", "Broken", fail)
    monkeypatch.setitem(panels._panels, "links", broken)
    answer = browser().get(case[1])
    assert answer.status_code == 200
    assert FAILED in words(answer)


FORMS = {
    "call": {"role": "mayor", "outcome": "reached", "minutes": "9", "words": "confirmé"},
    "chronicle": {"at": "2026-01-02T03:04", "words": "premier accès"},
    "person": {"role": "dpo", "name": "Mme Fictive", "phone": "0400000000"},
    "severity": {"to": "4", "reason": "la paie"},
    "escalate": {"reason": "quatorze communes"},
}


@pytest.mark.parametrize("name", sorted(FORMS))
def test_acts_by_form(browser, case, name):
    user, address = browser(), f"{case[1]}/do/{name}"
    assert user.get(address).status_code == 200
    assert user.submit(address, {"nonsense": "1"}).status_code == 422
    empty = user.submit(address, {})
    assert empty.status_code == 422
    done = user.submit(address, FORMS[name])
    assert done.status_code == 302, words(done)


def test_every_act_has_its_page(browser, case, world):
    with at_desk(world.responder, case[0]) as held:
        service.take(world.responder, held)
    user = browser("lead")
    for act in ACTS:
        assert user.get(f"{case[1]}/do/{act.name}").status_code == 200, act.name


def test_closing_names_every_missing_answer_and_keeps_what_was_typed(browser, case):
    user, address = browser(), f"{case[1]}/do/close"
    draft = user.get(address).get_data(as_text=True)
    assert "Madame le Maire" in draft
    sent = {"outcome": "incident", "determination": "confirmed", "letter": "Voilà.", "seen": "99"}
    answer = user.submit(address, sent)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert page.count("field-error") >= 5
    assert "Voilà." in page
    assert user.submit(address, sent | by_form()).status_code == 302
    with atomic(SYSTEM) as s:
        assert s.get_one(Case, case[0]).state == "closed"
    assert user.submit(f"{case[1]}/do/reopen", {"reason": "revenu"}).status_code == 302


def test_a_form_filled_in_too_long_ago_says_what_changed_and_keeps_the_words(browser, case, world):
    user = browser()
    with at_desk(world.second, case[0]) as held:
        seen = held.version
        service.take(world.second, held)
    sent = {"reason": "parce que c’est grave", "to": "4", "seen": str(seen)}
    answer = user.submit(f"{case[1]}/do/severity", sent)
    assert answer.status_code == 409
    assert "Noé Blanc" in words(answer)
    assert "parce que c’est grave" in html.unescape(answer.get_data(as_text=True))
    again = re.search(r'name="seen"[^>]*value="(\d+)"', answer.get_data(as_text=True)).group(1)
    assert user.submit(f"{case[1]}/do/severity", sent | {"seen": again}).status_code == 302


def test_linking_with_a_reference_that_is_not_ones_to_see(browser, case, world):
    hidden = reference_of(world.open_case(strand="campus"))
    user = browser()
    said = set()
    for other in (hidden, "CD-000-000"):
        answer = user.submit(f"{case[1]}/do/link", {"other": other, "reason": "x"})
        assert answer.status_code == 422
        said.add(words(answer).replace(other, ""))
    assert len(said) == 1


def test_writing_and_noting(browser, case, world):
    user = browser()
    assert user.submit(f"{case[1]}/messages", {"body": "Débranchez le réseau."}).status_code == 302
    assert user.submit(f"{case[1]}/notes", {"body": "entre nous"}).status_code == 302
    assert user.submit(f"{case[1]}/messages", {"body": ""}).status_code == 422
    page = words(user.get(f"{case[1]}/messages"))
    assert "Débranchez le réseau." in page
    assert "entre nous" in page
    with atomic(world.member.scope) as s:
        assert [m.body for m in s.scalars(select(CaseMessage))] == ["Débranchez le réseau."]


def test_what_people_write_is_shown_as_text(browser, case, world):
    with at_desk(world.member, case[0]) as held:
        service.write(world.member, held, body="<script>alert(1)</script>")
    for tab in ("/messages", "/timeline"):
        page = browser().get(case[1] + tab).get_data(as_text=True)
        assert "<script>alert" not in page


def test_contacts_are_corrected_and_taken_off(browser, case, world):
    user = browser()
    user.submit(f"{case[1]}/do/person", FORMS["person"])
    page = user.get(f"{case[1]}/people").get_data(as_text=True)
    address = re.search(r'href="([^"]+/people/[0-9a-f-]+)"', page).group(1)
    assert "Mme Fictive" in user.get(address).get_data(as_text=True)
    assert user.submit(address, {"name": "Mme Exemple"}).status_code == 302
    assert "Mme Exemple" in words(user.get(f"{case[1]}/people"))
    assert user.submit(f"{address}/end", {}).status_code == 302
    assert "Mme Exemple" not in words(user.get(f"{case[1]}/people"))


def test_links_are_ended_on_their_own_page(browser, case, world):
    user, other = browser(), reference_of(world.open_case(world.south))
    user.submit(f"{case[1]}/do/link", {"other": other, "reason": "même prestataire"})
    page = user.get(case[1]).get_data(as_text=True)
    address = re.search(r'href="([^"]+/links/[0-9a-f-]+/end)"', page).group(1)
    assert user.get(address).status_code == 200
    assert user.submit(address, {"reason": "non"}).status_code == 302
    assert f'href="/desk/cases/{other}"' not in user.get(case[1]).get_data(as_text=True)


def test_breaking_the_glass_by_form(browser, case, world):
    reference = case[1].rsplit("/", 1)[1]
    assert browser().get("/desk/break-glass").status_code == 403
    lead = browser("stranger")
    assert lead.get(case[1]).status_code == 404
    sent = {"reference": reference, "reason": "incendie"}
    assert lead.submit("/desk/break-glass", sent).status_code == 302
    assert lead.get(case[1]).status_code == 200
    assert "incendie" in words(browser().get(case[1]))
    with atomic(SYSTEM) as s:
        (held,) = s.scalars(select(Membership).where(Membership.case_id == case[0]))
        held.ended_at = held.created_at
    assert lead.get(case[1]).status_code == 404


def test_views_are_kept_and_forgotten_by_their_owner_alone(browser, world):
    user = browser()
    assert user.submit("/desk/views", {"name": "Graves", "query": "level=3"}).status_code == 302
    assert "Graves" in words(user.get("/desk"))
    assert "Graves" not in words(browser("second").get("/desk"))
    with atomic(SYSTEM) as s:
        (view,) = s.scalars(select(SavedView))
    assert browser("second").submit(f"/desk/views/{view.id}/forget", {}).status_code == 404
    assert user.submit(f"/desk/views/{view.id}/forget", {}).status_code == 302
    assert "Graves" not in words(user.get("/desk"))


def test_mine_are_mine(browser, case, world):
    with at_desk(world.responder, case[0]) as held:
        service.take(world.responder, held)
    world.open_case(world.south)
    page = words(browser().get("/desk/mes-dossiers"))
    assert "Saint-Exemple" in page
    assert "Val-Modèle" not in page


def test_an_exercise_says_so_on_every_page(browser, world):
    address = f"/desk/cases/{reference_of(world.open_case(exercise=True))}"
    for tab in ("", "/timeline", "/messages"):
        assert "exercise" in browser().get(address + tab).get_data(as_text=True)


def test_the_page_speaks_french_unless_asked(browser, case):
    user = browser()
    assert "Rançongiciel" in words(user.get(case[1]))


def test_the_navigation_is_drawn_once_for_all_parts_of_a_page(browser, case, monkeypatch):
    drawn = []
    whole = frame._navigation
    monkeypatch.setattr(frame, "_navigation", lambda *given: drawn.append(1) or whole(*given))
    assert browser().get(case[1]).status_code == 200
    assert len(drawn) == 1


def test_what_shows_no_navigation_counts_no_badges(browser, case, monkeypatch):
    drawn = []
    monkeypatch.setattr(frame, "_navigation", lambda *_given: drawn.append(1) or [])
    user = browser()
    assert user.get(f"{case[1]}/parts/tasks").status_code == 200
    assert user.get("/desk/cases/CD-222-222").status_code == 404
    assert drawn == []
