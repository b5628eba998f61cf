"""What bots, vandals and broken programs send to the public pages: a clear answer, nothing lost,
nothing doubled. docs/developers/hostile-input.md lists these tests by what they hold off.
"""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from cyberdesk.core import clock
from cyberdesk.core.access.links import make_link
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.clocks.models import Awareness
from cyberdesk.desk.declarations import pace
from cyberdesk.desk.declarations.models import Declaration
from cyberdesk.desk.declarations.service.starting import LINK_LASTS
from tests.factories.declarations import SHORT, make_declaration
from tests.factories.people import make_organisation

LONG = "é" * 100_000
MARKUP = '<svg onload=alert(1)>"><script>alert(2)</script>{{7*7}} moi\u202etxt.exe'


def count(model):
    with atomic(SYSTEM) as session:
        return session.scalar(select(func.count()).select_from(model))


def only(model):
    with atomic(SYSTEM) as session:
        return session.scalars(select(model)).one()


def dated(day, hour=""):
    return {"dates": {"known_since": ["date"], "known_since__date": day, "known_since__time": hour}}


@pytest.mark.parametrize(
    ("address", "field", "others"),
    [
        ("/declarer", "organisation_text", {"organisation": "other"}),
        ("/declarer", "organisation_text", {"search": "1"}),
        ("/declarer", "organisation", {}),
        ("/declarer", "ticket", {"organisation": "other", "organisation_text": "Mairie"}),
        ("/reprendre", "reference", {"code": "0000000000"}),
        ("/reprendre", "code", {"reference": "CD-000-000"}),
    ],
)
def test_a_hundred_thousand_characters_break_no_public_form(visitor, address, field, others):
    answer = visitor.post(address, {field: LONG} | others)
    assert answer.status_code in {303, 404, 422}
    assert len(visitor.get("/declarer").text) < 50_000


def test_a_hundred_thousand_characters_in_an_address_are_cut(visitor):
    assert visitor.get(f"/declarer/organisations?q={'a' * 7000}").json == []
    assert visitor.get(f"/reprendre?reference={'a' * 7000}").status_code == 200
    assert visitor.get(f"/d/{'a' * 7000}").location == "/reprendre"


def test_a_thousand_fields_are_not_read(visitor):
    visitor.begin()
    many = {f"sees{n}": "x" for n in range(1000)}
    answer = visitor.client.post(
        "/declarer/etape/sees", data=many, content_type="multipart/form-data"
    )
    assert answer.status_code == 413
    assert only(Declaration).edition == 0


def test_the_name_of_an_organisation_is_text_wherever_it_is_shown(visitor):
    begun = visitor.post("/declarer", {"organisation": "other", "organisation_text": MARKUP})
    visitor.answer(SHORT)
    for page in (begun.location, "/declarer/relire"):
        shown = visitor.get(page).text
        assert "<svg onload" not in shown
        assert "<script>alert" not in shown
        assert "\u202e" not in shown
    assert "&lt;svg onload=alert(1)&gt;" in visitor.get("/declarer/relire").text
    visitor.send()
    space = visitor.get(visitor.get("/mon-dossier").location).text
    assert "<svg onload" not in space
    assert "\u202e" not in space


@pytest.mark.parametrize(
    "chosen", ["3f1c2a54-8b7e-4d2a-9c11-5a0e7d6b4f20", "1 OR 1=1", "../../etc", "\x00", "-1"]
)
def test_an_organisation_that_is_not_in_the_list_is_asked_for_by_name(visitor, chosen):
    answer = visitor.post("/declarer", {"organisation": chosen})
    assert answer.status_code == 404
    assert "toute organisation est la bienvenue" in answer.text
    assert count(Declaration) == 0


def test_somebody_elses_unlisted_organisation_cannot_be_chosen(visitor, another):
    visitor.post("/declarer", {"organisation": "other", "organisation_text": "Syndicat secret"})
    visitor.answer(SHORT)
    visitor.send()
    made = only(Case).organisation_id
    assert another.post("/declarer", {"organisation": str(made)}).status_code == 404
    assert another.get("/declarer/organisations?q=syndicat").json == []


def test_two_presses_at_the_same_moment_open_one_case(app, visitor):
    visitor.begin()
    visitor.answer(SHORT)
    token = visitor.token

    def press(_):
        browser = app.test_client()
        browser.set_cookie("dossier", token)
        return browser.submit("/declarer/relire").location

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(press, range(4))) == {"/declarer/merci"}
    assert count(Case) == 1


def test_two_screens_saved_at_the_same_moment_lose_no_answer(app, visitor):
    visitor.begin()
    token = visitor.token
    screens = {
        "sees": {"sees": "website"},
        "reach": {"callback_phone": "0612345678"},
        "support": {"words": "Merci."},
        "data": {"data_people": "hundreds"},
    }

    def save(screen):
        browser = app.test_client()
        browser.set_cookie("dossier", token)
        return browser.submit(f"/declarer/etape/{screen}", screens[screen]).status_code

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(save, screens)) == {303}
    kept = only(Declaration).answers
    assert (kept["sees"], kept["words"]) == (["website"], "Merci.")
    assert kept["callback_phone"] == "06 12 34 56 78"


def test_a_link_that_is_over_opens_nothing_when_it_is_sent_again(visitor, another):
    visitor.begin()
    after = clock.now() + LINK_LASTS + timedelta(minutes=1)
    with clock.using(clock.still(after)):
        assert another.get(f"/d/{visitor.token}").location == "/reprendre"
        another.client.set_cookie("dossier", visitor.token)
        assert another.get("/declarer/etape/sees").location == "/reprendre"


def test_a_link_made_for_something_else_opens_no_declaration(visitor, another):
    visitor.begin()
    with atomic(SYSTEM):
        other = make_link("invitation", only(Declaration).id, lasts=timedelta(days=1))
    assert another.get(f"/d/{other}").location == "/reprendre"


def test_a_form_sent_again_from_another_browser_is_refused(visitor, another):
    """Its CSRF token is of the browser that it was shown to."""
    visitor.begin()
    fields = SHORT["sees"] | {"csrf_token": visitor.client.csrf_token()}
    another.client.set_cookie("dossier", visitor.token)
    refused = another.client.post("/declarer/etape/sees", data=fields)
    assert refused.status_code == 400
    assert "Autorisez les cookies de ce site" in refused.text
    assert "CSRF" not in refused.text
    assert only(Declaration).edition == 0


def test_guessed_references_tell_nothing_and_are_slowed(another):
    begun, _case = make_declaration()
    wrong = {"code": "0123456789"}
    known = another.post("/reprendre", wrong | {"reference": begun.reference})
    unknown = another.post("/reprendre", wrong | {"reference": "CD-000-000"})
    plain = re.compile(r"CD-\w{3}-\w{3}|csrf_token\" value=\"[^\"]+|data-now=\"[^\"]+")
    assert known.status_code == unknown.status_code == 422
    assert plain.sub("", known.text) == plain.sub("", unknown.text)
    tries = [another.post("/reprendre", wrong | {"reference": "CD-000-000"}) for _ in range(10)]
    assert tries[-1].status_code == 429


def test_the_right_code_works_at_once_from_another_network(app, another):
    """Whoever guesses slows their own network and nobody else's."""
    begun, _case = make_declaration()
    right = {"reference": begun.reference, "code": begun.code}
    for _ in range(10):
        another.post("/reprendre", right | {"code": "0123456789"})
    assert another.post("/reprendre", right).status_code == 429
    elsewhere = app.test_client()
    answer = elsewhere.submit("/reprendre", right, environ_base={"REMOTE_ADDR": "203.0.113.9"})
    assert answer.status_code == 303


def test_thirty_communes_behind_one_address_are_all_heard_within_a_minute(app):
    """An outsourcer is hit, and its customers share its way out: a wait, and never a refusal."""
    communes = [make_organisation() for _ in range(30)]
    now = datetime.now(UTC)
    waiting = []
    for commune in communes:
        browser = app.test_client()
        answer = browser.submit("/declarer", {"organisation": str(commune.id)})
        if answer.status_code == 429:
            assert "Patientez" in answer.text
            kept = r'name="(organisation|organisation_text|ticket)" value="([^"]*)"'
            waiting.append((browser, dict(re.findall(kept, answer.text))))
    assert len(waiting) >= 15
    with clock.using(clock.still(now + pace.STARTS.longest + timedelta(seconds=15))):
        for browser, kept in waiting:
            assert browser.submit("/declarer", kept).status_code == 303
    assert count(Declaration) == 30


def test_a_bot_that_fills_in_all_fields_is_heard_and_doubted(visitor):
    commune = make_organisation()
    visitor.post("/declarer", {"organisation": str(commune.id), "fax_number": "0100"})
    visitor.answer(SHORT)
    visitor.send()
    assert set(only(Declaration).doubts) == {"bot", "too-fast"}
    assert count(Case) == 1


@pytest.mark.parametrize("address", ["/declarer", "/declarer/organisations", "/reprendre", "/d/x"])
def test_looking_costs_the_database_no_row(visitor, address):
    for method in ("GET", "HEAD"):
        visitor.client.open(address, method=method)
    assert count(Declaration) == 0


def test_a_sheet_is_not_printed_all_day_long(visitor, another):
    visitor.begin()
    answers = [visitor.get("/declarer/fiche.pdf").status_code for _ in range(12)]
    assert answers[:10] == [200] * 10
    assert answers[-1] == 429
    another.begin()
    assert another.get("/declarer/fiche.pdf").status_code == 200


def test_a_search_is_not_hammered_and_the_form_searches_all_the_same(visitor):
    make_organisation("Valfleur-sur-Exemple")
    for _ in range(220):
        last = visitor.get("/declarer/organisations?q=valfl")
    assert last.status_code == 429
    assert "Retry-After" in last.headers
    found = visitor.post("/declarer", {"organisation_text": "valfl", "search": "1"})
    assert "Valfleur-sur-Exemple" in found.text


def test_a_telephone_that_runs_ahead_is_believed_and_tomorrow_is_not(visitor):
    visitor.begin()
    now = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
    with clock.using(clock.still(now)):
        ahead = visitor.post("/declarer/etape/dates", dated("2026-11-27", "10:10")["dates"])
        assert ahead.status_code == 303
        late = visitor.post("/declarer/etape/dates", dated("2026-11-28", "10:10")["dates"])
        assert late.status_code == 422
        assert 'value="2026-11-28"' in late.text


def test_our_own_clock_set_back_keeps_no_declaration_from_being_sent(visitor):
    visitor.begin()
    with clock.using(clock.still(datetime.now(UTC) - timedelta(hours=2))):
        visitor.answer(SHORT)
        visitor.send()
    assert count(Case) == 1
    assert only(Awareness).at <= datetime.now(UTC)


@pytest.mark.parametrize(
    ("day", "hour", "known"),
    [
        # 02:30 comes twice on 25 October: the earlier, so that no deadline ends too late.
        ("2026-10-25", "02:30", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        # 02:30 does not exist on 29 March: it is taken as an hour after 01:30.
        ("2026-03-29", "02:30", datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        ("2026-03-29", "03:00", datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
    ],
)
def test_nights_on_which_the_clock_changes_are_nights_like_others(visitor, day, hour, known):
    visitor.begin()
    visitor.answer(SHORT | dated(day, hour))
    visitor.send()
    assert only(Awareness).at == known
