"""The dossier and the letter: what they tell, to whom, and that a screen reader can read them."""

import pytest
from sqlalchemy import select

from cyberdesk.core.audit.models import AuditEntry
from cyberdesk.core.db import atomic, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.dossier import service
from cyberdesk.desk.dossier.letters import body
from tests.desk.cases.conftest import at_desk
from tests.desk.dossier.conftest import LETTER, read, words


def dossier(actor, case_id):
    with at_desk(actor, case_id) as case:
        return service.print_dossier(actor, case)


def letter(actor, case_id):
    with at_desk(actor, case_id) as case:
        return service.print_letter(actor, case, service.last_ending(actor, case))


def headings(pdf):
    return [one.title for one in read(pdf).outline]


@pytest.mark.parametrize("make", [dossier, letter])
def test_a_paper_is_tagged_titled_and_says_its_language(world, full, make):
    paper = read(make(world.responder, full))
    catalogue = paper.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in catalogue
    assert catalogue["/Lang"] == "fr"
    assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "CD-" in paper.metadata.title
    metadata = catalogue["/Metadata"].get_data()
    assert b"<pdfuaid:part>1<" in metadata
    assert b"<pdfaid:part>3<" in metadata


def test_the_desk_reads_all_of_it(world, full):
    paper = dossier(world.responder, full)
    told = words(paper)
    for part in ("Saint-Exemple", "Les écrans sont bloqués", "Assureur injoignable",
                 "hxxps://paiement-mairie[.]example/login", "Un courriel piégé.",
                 "Une pièce jointe ouverte.", "observable:add", "desk.example/journal",
                 "Madame le Maire"):  # fmt: skip
        assert part in told, part
    assert "https://paiement-mairie" not in told
    for chapter in ("Chronologie", "Messages", "Observables", "Journal"):
        assert chapter in headings(paper)


def test_the_commune_reads_its_own_side(world, full):
    paper = dossier(world.member, full)
    told = words(paper)
    assert "Les écrans sont bloqués" in told
    assert "Madame le Maire" in told
    for part in ("Assureur injoignable", "paiement-mairie", "observable:add", "Une pièce jointe",
                 "Double facteur"):  # fmt: skip
        assert part not in told, part
    assert "Observables" not in headings(paper)
    assert "Journal" not in headings(paper)


def test_printing_is_journalled_with_the_hash_of_the_paper(world, full):
    dossier(world.member, full)
    with atomic(SYSTEM):
        wanted = select(AuditEntry).where(AuditEntry.action == "dossier:print")
        entry = session().scalars(wanted).one()
        assert (entry.case_id, entry.actor_name) == (full, "Nora Nord")


def test_the_letter_is_what_was_sent(world, full):
    told = words(letter(world.member, full))
    assert "Saint-Exemple" in told
    assert "Le rançongiciel n’a chiffré que deux postes." in told
    assert "Camille Roux" in told


def test_a_letter_has_headings_lists_and_paragraphs():
    assert list(body(LETTER)) == [
        {"kind": "text", "text": "Madame le Maire,"},
        {"kind": "text", "text": "Le rançongiciel n’a chiffré que deux postes."},
        {"kind": "heading", "text": "Ce qui a été fait"},
        {"kind": "list", "entries": ["réseau coupé à 7 h 10", "postes réinstallés"]},
        {"kind": "heading", "text": "Ce qu’il reste à faire"},
        {"kind": "text", "text": "Activer la double vérification."},
    ]


def test_a_short_line_above_a_paragraph_is_a_heading_too():
    assert list(body("Ce qui a été fait\nLe mot de passe a été changé.\n\nMerci")) == [
        {"kind": "heading", "text": "Ce qui a été fait"},
        {"kind": "text", "text": "Le mot de passe a été changé."},
        {"kind": "text", "text": "Merci"},
    ]


def test_an_exercise_says_so_on_every_page(world):
    case_id = world.open_case(exercise=True)
    pages = read(dossier(world.responder, case_id)).pages
    assert all("EXERCICE" in page.extract_text() for page in pages)


def test_whatever_was_typed_is_printed_and_never_run(world, case_id):
    hostile = "#panic() $x$ <script> 🙂 \u202etourné " + "x" * 9000
    with at_desk(world.member, case_id) as case:
        cases.write(world.member, case, body=hostile)
    told = words(dossier(world.responder, case_id))
    assert "#panic() $x$ <script>" in told
    assert "[U+202E]" in told


@pytest.mark.parametrize(("who", "status"), [("responder", 200), ("member", 403),
                                             ("admin", 403), ("stranger", 404)])  # fmt: skip
def test_the_desk_prints_its_own_cases(browser, case, full, who, status):
    assert browser(who).get(f"{case[1]}/dossier.pdf").status_code == status


def test_the_pages_offer_the_papers(browser, case, full):
    user = browser()
    page = user.get(case[1]).get_data(as_text=True)
    found = next(one for one in page.split('"') if "/letter.pdf" in one)
    assert user.get(found).mimetype == "application/pdf"
    assert user.get(f"{case[1]}/letter.pdf?of={full}").status_code == 404


@pytest.mark.parametrize(("who", "status"), [("member", 200), ("mayor", 200),
                                             ("southerner", 404)])  # fmt: skip
def test_the_commune_prints_its_own(browser, case, full, who, status):
    at = f"/mon-dossier/{case[1].rsplit('/', 1)[1]}"
    for paper in ("dossier.pdf", "lettre.pdf"):
        answer = browser(who).get(f"{at}/{paper}")
        assert answer.status_code == status
        if status == 200:
            assert answer.mimetype == "application/pdf"
            assert answer.headers["Cache-Control"] == "no-store"


def test_there_is_no_letter_before_the_end(browser, case):
    at = f"/mon-dossier/{case[1].rsplit('/', 1)[1]}"
    assert browser("member").get(f"{at}/lettre.pdf").status_code == 404
