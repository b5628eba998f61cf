"""The public pages, as a browser without scripts meets them."""

import gzip
import io
import re
from datetime import UTC, datetime, timedelta

import pytest
from pypdf import PdfReader
from sqlalchemy import func, select

from cyberdesk.core import clock
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.declarations import pace
from cyberdesk.desk.declarations.models import Declaration
from tests.factories.declarations import RANSOMWARE, SHORT
from tests.factories.people import make_organisation, make_person, sign_in


def count(model):
    with atomic(SYSTEM) as s:
        return s.scalar(select(func.count()).select_from(model))


def only_declaration():
    with atomic(SYSTEM) as s:
        return s.scalars(select(Declaration)).one()


def test_the_first_page_is_light_with_everything_it_needs(visitor, app):
    page = visitor.get("/declarer")
    assert page.status_code == 200
    linked = set(re.findall(r'(?:href|src)="(/static/[^"#?]+)', page.text))
    parts = [page.data, *(visitor.get(one).data for one in linked)]
    assert len(linked) >= 3
    assert sum(len(gzip.compress(part)) for part in parts) <= 60_000


def test_looking_makes_nothing(visitor):
    visitor.get("/declarer")
    visitor.get("/declarer/organisations?q=val")
    assert count(Declaration) == 0


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_commune_is_found_chosen_and_the_first_screen_shows_the_way_back(visitor, language):
    make_organisation("Valfleur-sur-Exemple")
    make_organisation("Valfleur-les-Bois")
    found = visitor.post("/declarer", {"organisation_text": "valfl", "search": "organisation"})
    assert "Valfleur-sur-Exemple" in found.text
    chosen = re.search(r'value="([0-9a-f-]{36})"[^>]*><b>Valfleur-sur-Exemple', found.text)
    begun = visitor.post(
        "/declarer", {"organisation": chosen.group(1), "organisation_text": "valfl"}
    )
    page = visitor.get(f"{begun.location}?lang={language}")
    reference = only_declaration().reference
    assert reference in page.text
    assert re.search(r"\b\d{5} \d{5}\b", page.text)
    assert "/d/" in page.text
    assert {"fr": "Que voyez-vous", "en": "What do you see"}[language] in page.text


def test_any_organisation_is_welcome(visitor):
    found = visitor.post("/declarer", {"organisation_text": "Syndicat des eaux", "search": "1"})
    assert "Syndicat des eaux" in found.text
    begun = visitor.post(
        "/declarer", {"organisation": "other", "organisation_text": "Syndicat des eaux"}
    )
    assert begun.status_code == 303
    assert "Syndicat des eaux" in visitor.get(begun.location).text


def test_a_whole_declaration_to_the_thank_you_page(visitor):
    visitor.begin()
    visitor.answer(RANSOMWARE)
    review = visitor.get("/declarer/relire").text
    for said in ("06 12 34 56 78", "Nadia Prévost", "État civil", "Merci de rappeler."):
        assert said in review
    thanks = visitor.send().text
    declaration = only_declaration()
    assert declaration.reference in thanks
    assert "06" in thanks
    assert count(Case) == 1
    assert visitor.get("/mon-dossier").location == f"/mon-dossier/{declaration.reference}"


def test_advice_follows_each_answer(visitor):
    visitor.begin()
    saved = visitor.post("/declarer/etape/sees", RANSOMWARE["sees"])
    page = visitor.get(saved.location).text
    assert "Débranchez le câble réseau" in page
    assert "plug-off" in page


def test_sending_again_by_double_click_back_or_replay_gives_the_same_case(visitor):
    visitor.begin()
    visitor.answer(SHORT)
    for _ in range(3):
        assert visitor.post("/declarer/relire").location == "/declarer/merci"
    assert visitor.get("/declarer/relire").location == "/declarer/merci"
    assert visitor.get("/declarer/etape/sees").location == "/declarer/merci"
    assert count(Case) == 1


def test_an_error_says_where_and_keeps_all_that_was_typed(visitor):
    visitor.begin()
    page = visitor.post(
        "/declarer/etape/reach", {"callback_phone": "pas de tel", "callback_name": "Nadia"}
    )
    assert page.status_code == 422
    assert 'href="#callback_phone"' in page.text
    assert 'value="pas de tel"' in page.text
    assert 'value="Nadia"' in page.text


def test_a_hundred_thousand_characters_are_kept_on_the_page_and_said_to_be_too_many(visitor):
    visitor.begin()
    long = "é" * 100_000
    page = visitor.post("/declarer/etape/support", {"words": long})
    assert page.status_code == 422
    assert long in page.text
    assert "2000" in page.text or "2 000" in page.text


def test_html_svg_and_bidi_are_shown_as_text(visitor):
    visitor.begin()
    hostile = '<svg onload=alert(1)>"><script>x</script> moi\u202etxt.exe'
    saved = visitor.post("/declarer/etape/reach", RANSOMWARE["reach"] | {"callback_name": hostile})
    following = visitor.get(saved.location)
    assert "Des caractères invisibles ont été retirés" in following.text
    page = visitor.get("/declarer/relire").text
    assert "<svg onload" not in page
    assert "<script>x" not in page
    assert "&lt;svg onload=alert(1)&gt;" in page
    assert "\u202e" not in page


def test_a_field_that_is_not_known_is_refused(visitor):
    visitor.begin()
    assert (
        visitor.post("/declarer/etape/sees", {"sees": "unknown", "admin": "1"}).status_code == 422
    )
    assert visitor.post("/declarer", {"organisation_text": "x", "admin": "1"}).status_code == 422
    assert visitor.post("/declarer/relire", {"admin": "1"}).status_code == 422


def test_without_its_csrf_token_nothing_is_taken(visitor):
    visitor.begin()
    assert visitor.client.post("/declarer/etape/sees", data=SHORT["sees"]).status_code == 400
    assert only_declaration().edition == 0


def test_it_saves_while_one_types_and_answers_with_advice(visitor):
    visitor.begin()
    kept = visitor.post("/declarer/etape/sees/brouillon", RANSOMWARE["sees"])
    assert kept.status_code == 200
    assert "Débranchez" in kept.json["advice"]
    assert only_declaration().answers["sees"] == RANSOMWARE["sees"]["sees"]
    wrong = visitor.post("/declarer/etape/reach/brouillon", {"callback_phone": "x"})
    assert wrong.status_code == 422
    assert "callback_phone" in wrong.json["errors"]


def test_the_link_leaves_the_address_at_once_and_opens_the_draft_elsewhere(visitor, another):
    visitor.begin()
    visitor.answer({"sees": SHORT["sees"]})
    entered = another.get(f"/d/{visitor.token}")
    assert (entered.status_code, entered.location) == (303, "/declarer/suite")
    assert another.get("/declarer/suite").location == "/declarer/etape/reach"
    assert "HttpOnly" in entered.headers["Set-Cookie"]


def test_a_wrong_link_leads_to_reference_and_code(another):
    answer = another.get("/d/0000000000000000000000000000000000000000000")
    assert answer.location == "/reprendre"
    assert "dossier=" not in answer.headers.get("Set-Cookie", "")


def test_coming_back_with_reference_and_code(visitor, another):
    visitor.begin()
    code, reference = visitor.code(), visitor.reference()
    wrong = another.post("/reprendre", {"reference": reference, "code": "0000000000"})
    assert wrong.status_code == 422
    right = another.post("/reprendre", {"reference": reference.lower(), "code": code})
    assert right.location == "/declarer/suite"
    assert another.get("/declarer/suite").location == "/declarer/etape/sees"


def test_guessing_codes_is_slowed_and_counted_although_each_try_fails(visitor, another):
    visitor.begin()
    reference = visitor.reference()
    codes = [f"{n:010}" for n in range(8)]
    last = [another.post("/reprendre", {"reference": reference, "code": c}) for c in codes][-1]
    assert last.status_code == 429
    assert "Patientez" in last.text


def test_a_flood_waits_its_turn_and_is_heard_all_the_same(visitor, another, monkeypatch):
    monkeypatch.setattr(
        pace, "STARTS", pace.Rate("start", 1, pace.STARTS.every, pace.STARTS.longest)
    )
    commune = make_organisation()
    visitor.begin(commune)
    waiting = another.post("/declarer", {"organisation": str(commune.id)})
    assert waiting.status_code == 429
    assert count(Declaration) == 1
    kept = dict(
        re.findall(r'name="(organisation|organisation_text|ticket)" value="([^"]*)"', waiting.text)
    )
    assert another.post("/declarer", kept).status_code == 429  # too early
    with clock.using(lambda: datetime.now(UTC) + timedelta(seconds=20)):
        assert another.post("/declarer", kept).status_code == 303
        assert another.post("/declarer", kept).status_code == 429  # a ticket passes once
    assert count(Declaration) == 2


def test_a_bot_is_accepted_and_doubted(visitor):
    commune = make_organisation()
    begun = visitor.post("/declarer", {"organisation": str(commune.id), "fax_number": "0100"})
    assert begun.status_code == 303
    assert only_declaration().doubts == ["bot"]


def test_nobody_reaches_the_declaration_or_the_case_of_another(visitor, another):
    visitor.begin()
    visitor.answer(SHORT)
    visitor.send()
    theirs = visitor.reference()
    another.get(another.begin())
    known = another.get(f"/mon-dossier/{theirs}")
    unknown = another.get("/mon-dossier/CD-000-000")
    assert known.status_code == unknown.status_code == 404
    strip = re.compile(r"CD-[0-9A-Z]{3}-[0-9A-Z]{3}|csrf_token\" value=\"[^\"]+|data-now=\"[^\"]+")
    assert strip.sub("", known.text) == strip.sub("", unknown.text)


def test_whoever_lost_the_link_is_asked_for_reference_and_code(another):
    for address in (
        "/mon-dossier",
        "/mon-dossier/CD-000-000",
        "/declarer/etape/sees",
        "/declarer/merci",
    ):
        assert another.get(address).location == "/reprendre"


def test_staff_who_try_the_pages_are_declarants_there(visitor):
    sign_in(visitor.client, make_person("responder"))
    assert visitor.get(visitor.begin()).status_code == 200


def test_a_shared_device_forgets(visitor):
    visitor.begin()
    assert visitor.post("/quitter").headers["Clear-Site-Data"] == '"storage"'
    assert visitor.get("/declarer/etape/sees").location == "/reprendre"


def test_a_new_code_ends_the_old_one(visitor, another):
    visitor.begin()
    old, reference = visitor.code(), visitor.reference()
    visitor.post("/declarer/code")
    new = visitor.code()
    assert new != old
    assert another.post("/reprendre", {"reference": reference, "code": old}).status_code == 422
    assert another.post("/reprendre", {"reference": reference, "code": new}).status_code == 303


def test_the_sheet_is_a_pdf_with_reference_code_and_numbers(visitor):
    visitor.begin()
    visitor.answer(RANSOMWARE)
    code = visitor.code()
    paper = visitor.get("/declarer/fiche.pdf")
    assert paper.mimetype == "application/pdf"
    pages = PdfReader(io.BytesIO(paper.data)).pages
    assert len(pages) <= 2, "both sides of one sheet"
    text = " ".join(page.extract_text() for page in pages)
    text = " ".join(text.split())
    assert visitor.reference() in text
    assert f"{code[:5]} {code[5:]}" in text
    assert "0 805 036 083" in text
    assert "à vérifier" in text
    assert "Débranchez" in text
