"""The tab of observables through the real application: read, confirm, change, withdraw, propose."""

import html
import re

import pytest
from sqlalchemy import select

from cyberdesk.core.audit.models import AuditEntry
from cyberdesk.core.db import atomic, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.intel import service
from cyberdesk.desk.intel.models import StixObject
from cyberdesk.desk.intel.reading.pasted import LONGEST_PASTE
from tests.desk.intel.conftest import PASTED, add, at, values, words

MAIL = """\
Return-Path: <compta@faux-tresor.fr>
Received: from evil.example (evil.example [185.199.108.153])
\tby mx.saint-exemple.fr with ESMTPS; Mon, 23 Nov 2026 07:40:12 +0100
From: "Trésor public" <compta@faux-tresor.fr>
To: mairie@saint-exemple.fr
Subject: Facture
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: quoted-printable

<p>Bonjour, <a href=3D"https://paiement-mairie.example/login?id=3D12">https://www.impots.=
gouv.fr</a></p>
"""


def held(case_id):
    with atomic(SYSTEM):
        wanted = select(StixObject).where(StixObject.case_id == case_id)
        rows = session().scalars(wanted.order_by(StixObject.added_at, StixObject.id)).all()
        return {row.value.text: row for row in rows if not row.is_indicator}


def keys(answer):
    """The values that a page of confirmation offers: {key: ticked}."""
    found = re.findall(r'name="keep" value="(\w+)"([^>]*)>', answer.get_data(as_text=True))
    return {key: "checked" in more for key, more in found}


def hidden(answer):
    """The fields that the form of confirmation carries along."""
    page = answer.get_data(as_text=True)
    form = page[page.index('id="confirm"') : page.index("</form>", page.index('id="confirm"'))]
    fields = dict(re.findall(r'type="hidden" name="([\w-]+)" value="([^"]*)"', form))
    text = re.search(r'<textarea name="text" hidden>\n(.*?)</textarea>', form, re.DOTALL)[1]
    fields.pop("csrf_token")
    return fields | {"text": html.unescape(text)}


def confirm(user, address, answer, **more):
    ticked = [key for key, on in keys(answer).items() if on]
    given = hidden(answer) | {"keep": ticked, "do": "add"} | more
    return user.submit(f"{address}/observables/review", given, follow_redirects=True)


def test_an_empty_case_says_what_to_do(browser, case):
    said = words(browser().get(f"{case[1]}/observables"))
    assert "Pas encore d’observable" in said
    assert "un courriel entier" in said


def test_what_is_pasted_is_shown_before_it_is_kept(browser, case):
    user = browser()
    read = user.submit(f"{case[1]}/observables/review", {"text": PASTED})
    said = words(read)
    assert read.status_code == 200
    assert "7 valeurs ont été lues" in said
    assert "hxxps://paiement-mairie[.]example/login" in said
    assert held(case[0]) == {}
    done = words(confirm(user, case[1], read, note="vu au poste 3", tlp="green"))
    assert "7 observables ajoutés." in done
    row = held(case[0])["185.199.108.153"]
    with atomic(SYSTEM):
        assert (row.note, row.marking, row.source) == ("vu au poste 3", "green", "person")


def test_what_is_unticked_is_not_kept(browser, case):
    user = browser()
    read = user.submit(f"{case[1]}/observables/review", {"text": "un.fr\ndeux.fr"})
    first, _second = keys(read)
    confirm(user, case[1], read, keep=[first])
    assert list(held(case[0])) == ["un.fr"]
    again = user.submit(f"{case[1]}/observables/review", {"text": "un.fr\ndeux.fr"})
    assert list(keys(again).values()) == [False, True]
    assert "déjà dans le dossier" in words(again)


def test_nothing_ticked_is_said(browser, case):
    user = browser()
    read = user.submit(f"{case[1]}/observables/review", {"text": "un.fr"})
    none = confirm(user, case[1], read, keep=[])
    assert none.status_code == 422
    assert "Cochez au moins une valeur." in words(none)
    assert held(case[0]) == {}


def test_a_line_that_is_not_recognised_is_asked_about(browser, case):
    user = browser()
    read = user.submit(f"{case[1]}/observables/review", {"text": "un.fr\nGlobal maj 7"})
    assert "Une ligne où rien n’a été reconnu" in words(read)
    confirm(user, case[1], read, **{"said-2": "mutex"})
    assert {value: row.sort for value, row in held(case[0]).items()} == {
        "un.fr": "domain",
        "Global maj 7": "mutex",
    }


def test_a_whole_mail_gives_its_senders_its_way_and_its_links(browser, case):
    user = browser()
    read = user.submit(f"{case[1]}/observables/review", {"text": MAIL})
    said = words(read)
    assert "Lu comme un courriel" in said
    assert "mairie[@]saint-exemple" not in said
    confirm(user, case[1], read)
    assert set(held(case[0])) == {
        "compta@faux-tresor.fr",
        "185.199.108.153",
        "https://paiement-mairie.example/login?id=12",
    }  # the State's own site was offered, and not ticked


def test_a_sentence_is_looked_through(browser, case):
    text = "Le poste 3 (10.20.30.40) a joint hxxps://bad[.]fr/x, dit M.Dupont ; version 10.4.2.\n"
    read = browser().submit(f"{case[1]}/observables/review", {"text": text})
    said = words(read)
    assert "2 valeurs ont été lues" in said
    assert "réseau de la victime" in said


def test_no_address_of_the_attacker_is_a_link(browser, case):
    user = browser()
    add_all = user.submit(f"{case[1]}/observables/review", {"text": PASTED})
    confirm(user, case[1], add_all)
    ones = [f"{case[1]}/observables/{row.id}" for row in held(case[0]).values()]
    pages = [case[1], f"{case[1]}/observables", *ones]
    for page in pages:
        links = re.findall(r'(?:href|src|action)="([^"]*)"', user.get(page).get_data(as_text=True))
        assert [one for one in links if "paiement" in one or "tresor" in one] == []


def test_signs_without_ink_are_written_out(browser, case):
    user = browser()
    text = "fichier : facture\u202efdp.exe\nzero\u200bwidth.fr"
    read = user.submit(f"{case[1]}/observables/review", {"text": text})
    said = words(read)
    assert "facture⟨U+202E⟩fdp.exe" in said
    assert "Des signes invisibles font partie du nom" in said
    done = words(confirm(user, case[1], read))
    assert "facture⟨U+202E⟩fdp.exe" in done
    assert set(held(case[0])) == {"facture\u202efdp.exe", "zerowidth.fr"}


def test_marks_of_a_page_stay_text(browser, case):
    user = browser()
    name = '"><img src=x onerror=alert(1)>.exe'
    read = user.submit(f"{case[1]}/observables/review", {"text": f"mutex : {name}"})
    page = confirm(user, case[1], read, note="<script>alert(2)</script>")
    raw = page.get_data(as_text=True)
    assert "<img src=x" not in raw
    assert "<script>alert" not in raw
    assert name in words(page)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x" * (LONGEST_PASTE + 1), "100000 caractères au plus"),
        ("\n".join(f"a{n}.fr" for n in range(3000)), "2000 lignes au plus"),
        ("\n".join(f"a{n}.fr" for n in range(900)), "500 valeurs au plus"),
    ],
)
def test_too_much_at_once_is_said_and_nothing_typed_is_lost(browser, case, text, said):
    answer = browser().submit(f"{case[1]}/observables/review", {"text": text})
    assert answer.status_code == 422
    assert said in words(answer).replace("\u202f", "").replace("\xa0", "")
    assert text[-40:] in html.unescape(answer.get_data(as_text=True))
    assert held(case[0]) == {}


def test_a_hundred_thousand_characters_are_read_in_time(browser, case):
    text = ("mot " * 25_000)[:LONGEST_PASTE]
    answer = browser().submit(f"{case[1]}/observables/review", {"text": text})
    assert answer.status_code == 200
    assert "Rien n’a été reconnu" in words(answer)


def test_an_unknown_field_is_refused(browser, case):
    answer = browser().submit(f"{case[1]}/observables/review", {"text": "un.fr", "admin": "1"})
    assert answer.status_code == 422


@pytest.mark.parametrize("given", [{"source": "rumour"}, {"source_id": "x"}])
def test_a_source_that_is_none_is_refused(browser, case, given):
    answer = browser().submit(f"{case[1]}/observables/review", {"text": "un.fr", **given})
    assert answer.status_code == 422


def test_a_time_that_is_none_is_said_and_the_ticks_stay(browser, case):
    user = browser()
    read = user.submit(f"{case[1]}/observables/review", {"text": "un.fr"})
    wrong = confirm(user, case[1], read, seen_at="hier")
    assert wrong.status_code == 422
    assert list(keys(wrong).values()) == [True]
    late = confirm(user, case[1], read, seen_at="2026-01-02T08:00", seen_until="2026-01-01T08:00")
    assert "avant qu’il soit vu la première fois" in words(late)
    assert held(case[0]) == {}


def act(user, case, object_id, what, **given):
    address = f"{case[1]}/observables/{object_id}/{what}"
    return user.submit(address, given, follow_redirects=True)


def test_one_is_changed_withdrawn_and_counts_again(browser, case, world):
    user, ids = browser(), add(world.responder, case[0], "bad.fr")
    given = {"marking": "clear", "note": "nom du site", "seen_at": "2026-01-02T08:00"}
    done = act(user, case, ids["bad.fr"], "change", **given)
    assert "TLP:CLEAR" in words(done)
    assert "Vu le" in words(done)
    assert act(user, case, ids["bad.fr"], "withdraw", reason=" ").status_code == 422
    act(user, case, ids["bad.fr"], "withdraw", reason="à nous")
    gone = words(user.get(f"{case[1]}/observables?sort=withdrawn"))
    assert "bad[.]fr" in gone
    assert "à nous" in gone
    assert "bad[.]fr" not in words(user.get(f"{case[1]}/observables"))
    assert "Il compte de nouveau" in words(act(user, case, ids["bad.fr"], "restore"))


def test_an_indicator_is_made_and_follows_the_marking(browser, case, world):
    user, ids = browser(), add(world.responder, case[0], "bad.fr")
    page = act(user, case, ids["bad.fr"], "indicator", stay="1")
    assert "[domain-name:value = 'bad.fr']" in words(page)
    act(user, case, ids["bad.fr"], "change", marking="green", note="")
    with atomic(SYSTEM):
        made = session().scalars(select(StixObject).where(StixObject.kind == "indicator")).one()
        assert made.marking == "green"
        assert made.content["objects"][0]["object_marking_refs"] == [
            "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"
        ]


def test_what_the_commune_wrote_is_proposed_until_somebody_looked(browser, case, world):
    member = world.member
    with at(member, case[0]) as found:
        body = "On a cliqué sur hxxp://piege[.]fr/a reçu de mairie@saint-exemple.fr, voir impots.gouv.fr"
        message = cases.write(member, found, body=body)
    user = browser()
    page = user.get(f"{case[1]}/observables")
    said = words(page)
    assert "Message de Nora Nord" in said
    assert "hxxp://piege[.]fr/a" in said
    assert "saint-exemple" not in said  # the victim's own is no trace of the attacker
    assert "impots" not in said
    given = {"source": "message", "source_id": str(message.id), "text": "http://piege.fr/a"}
    user.submit(f"{case[1]}/observables/set-aside", given | {"said-1": "url"})
    assert "piege" not in words(user.get(f"{case[1]}/observables"))
    gone = words(user.get(f"{case[1]}/observables?sort=withdrawn"))
    assert "hxxp://piege[.]fr/a" in gone
    assert "Proposé, et non gardé" in gone


def test_a_proposal_is_confirmed_with_where_it_stood(browser, case, world):
    with at(world.member, case[0]) as found:
        message = cases.write(world.member, found, body="voir bad[.]example et facture.zip")
    user = browser()
    page = user.get(f"{case[1]}/observables").get_data(as_text=True)
    form = next(one for one in page.split("<form")[1:] if "Regarder et ajouter" in one)
    fields = dict(re.findall(r'type="hidden" name="([\w-]+)" value="([^"]*)"', form))
    fields.pop("csrf_token")
    read = user.submit(f"{case[1]}/observables/review", fields)
    confirm(user, case[1], read)
    rows = held(case[0])
    assert set(rows) == {"bad.example", "facture.zip"}
    assert {(row.source, row.source_id) for row in rows.values()} == {("message", message.id)}


def test_a_source_of_another_case_is_not_found(browser, case, world):
    other = world.open_case()
    with at(world.member, other) as found:
        message = cases.write(world.member, found, body="voir bad.fr")
    given = {"source": "message", "source_id": str(message.id), "text": "bad.fr"}
    assert browser().submit(f"{case[1]}/observables/review", given).status_code == 404


@pytest.mark.parametrize(
    ("who", "status"),
    [("member", 403), ("mayor", 403), ("southerner", 403), ("admin", 403), ("auditor", 403),
     ("stranger", 404)],
)  # fmt: skip
def test_nobody_outside_of_the_desk_reaches_them(browser, case, world, who, status):
    ids, user = add(world.responder, case[0], "bad.fr"), browser(who)
    one = f"{case[1]}/observables/{ids['bad.fr']}"
    for address in (f"{case[1]}/observables", one, f"{case[1]}/observables/export"):
        assert user.get(address).status_code == status
    for address in (f"{case[1]}/observables/review", f"{case[1]}/observables/set-aside",
                    f"{case[1]}/observables/export"):  # fmt: skip
        assert user.submit(address, {"text": "un.fr"}).status_code == status
    for what in ("change", "withdraw", "restore", "indicator"):
        assert user.submit(f"{one}/{what}", {"reason": "x"}).status_code == status
    assert list(held(case[0])) == ["bad.fr"]


def test_an_observable_of_another_case_is_not_found_under_this_one(browser, case, world):
    ids = add(world.responder, world.open_case(), "bad.fr")
    there = f"{case[1]}/observables/{ids['bad.fr']}"
    assert browser().get(there).status_code == 404
    assert browser().submit(f"{there}/withdraw", {"reason": "x"}).status_code == 404


def test_the_tab_counts_and_the_case_shows_a_few(browser, case, world):
    add(world.responder, case[0])
    page = browser().get(case[1])
    assert "Les 7 observables" in words(page)
    assert re.search(r"Observables\s*<span class=\"count\">7", page.get_data(as_text=True))


def test_a_long_list_is_in_pages_and_by_sort(browser, case, world):
    add(world.responder, case[0], "\n".join(f"a{n}.fr" for n in range(130)) + "\n1.2.3.44")
    user = browser()
    first, second = (words(user.get(f"{case[1]}/observables?page={n}")) for n in (1, 2))
    assert "a129[.]fr" in first
    assert "a129[.]fr" not in second
    only = words(user.get(f"{case[1]}/observables?sort=ipv4"))
    assert "1[.]2[.]3[.]44" in only
    assert "a129[.]fr" not in only


def test_a_list_costs_the_same_however_long_it_is(browser, case, world, statements):
    add(world.responder, case[0], "a0.fr")
    user = browser()
    user.get(f"{case[1]}/observables")
    with statements() as few:
        user.get(f"{case[1]}/observables")
    add(world.responder, case[0], "\n".join(f"a{n}.fr" for n in range(1, 90)))
    with statements() as many:
        user.get(f"{case[1]}/observables")
    assert len(many) <= len(few) + 1


def test_parts_of_the_page_renew_themselves_as_the_address_asked(browser, case, world):
    add(world.responder, case[0])
    user = browser()
    page = user.get(f"{case[1]}/observables?sort=ipv4").get_data(as_text=True)
    href = html.unescape(re.search(r'data-live-href="([^"]*parts/observables[^"]*)"', page)[1])
    assert href.endswith("?sort=ipv4")
    part = user.get(href, headers={"HX-Request": "true"})
    assert "facture_2026" not in words(part)
    assert "185[.]199[.]108[.]153" in words(part)


@pytest.mark.parametrize("what", ["added", "changed", "withdrawn", "indicated"])
def test_a_change_moves_the_case_so_that_open_pages_look_anew(case, world, what):
    ids = add(world.responder, case[0], "bad.fr")
    with atomic(SYSTEM):
        before = cases.find_case(world.responder, case[0]).moved_at
    with at(world.responder, case[0]) as found:
        one = service.access_object(world.responder, ids["bad.fr"])
        if what == "added":
            service.set_aside(world.responder, found, values("neuf.fr"), reason="rien")
        elif what == "changed":
            service.change(world.responder, one, note="autre")
        elif what == "withdrawn":
            service.retract(world.responder, one, reason="non")
        else:
            service.make_indicator(world.responder, one)
    with atomic(SYSTEM):
        assert cases.find_case(world.responder, case[0]).moved_at > before


def test_reading_pasted_text_leaves_nothing_in_the_journal_of_what_it_was(browser, case):
    browser().submit(f"{case[1]}/observables/review", {"text": PASTED})
    with atomic(SYSTEM):
        actions = session().scalars(select(AuditEntry.action)).all()
    assert "observable:add" not in actions
