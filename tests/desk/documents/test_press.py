"""Papers are tagged, say what they were given and nothing else, and mark an exercise."""

import io

import pytest
from pypdf import PdfReader

from cyberdesk.desk.documents import qr_svg, render
from cyberdesk.desk.documents.press import UnknownPaperError, papers

LETTER = {
    "title": "Votre dossier est clos",
    "issuer": "Centre d’urgence",
    "to": "Commune de Valfleur",
    "place_and_date": "Le lundi 23 novembre 2026",
    "about": "Référence CD-7K4-92M",
    "body": [
        {"kind": "text", "text": "Ce n’était pas une attaque."},
        {"kind": "heading", "text": "Et maintenant"},
        {"kind": "list", "entries": ["Rebranchez le réseau", "Gardez ce courriel"]},
    ],
    "closing": "Bien à vous",
    "signed": "Camille Roux",
}


def read(pdf: bytes) -> PdfReader:
    assert pdf.startswith(b"%PDF-")
    return PdfReader(io.BytesIO(pdf))


def words(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in read(pdf).pages)


@pytest.mark.parametrize(("language", "tag"), [("fr", "fr"), ("en", "en"), ("de", "fr")])
def test_a_paper_is_tagged_titled_and_says_its_language(language, tag):
    paper = read(render("letter", LETTER, language))
    catalogue = paper.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in catalogue
    assert catalogue["/Lang"] == tag
    assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"]
    assert paper.metadata.title == LETTER["title"]


def test_a_paper_declares_both_standards():
    metadata = read(render("letter", LETTER, "fr")).trailer["/Root"]["/Metadata"].get_data()
    assert b"<pdfuaid:part>1<" in metadata
    assert b"<pdfaid:part>3<" in metadata
    assert b"<pdfaid:conformance>A<" in metadata


def test_what_a_person_wrote_is_printed_and_never_run():
    hostile = '#read("/etc/passwd") $x$ *gras* \\ #panic() <script>'
    said = words(render("letter", LETTER | {"about": hostile}, "fr"))
    assert '#read("/etc/passwd") $x$ *gras*' in said.replace("”", '"').replace("“", '"')
    assert "<script>" in said


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Mairie 🙂", "Mairie [U+1F642]"),
        ("漢字", "[U+6F22]"),
        ("a\x07b\x00c", "abc"),
        ("a\u202eb", "a[U+202E]b"),
        ("a\ue000b", "a[U+E000]b"),
        ("a\uffffb", "a[U+FFFF]b"),
        ("demi \ud800 paire", "demi"),
        ("Œuvre d’État — 12\u202f€ « ça »", "Œuvre d’État — 12"),
    ],
)
def test_no_sign_that_somebody_typed_keeps_a_paper_from_being_printed(typed, printed):
    assert printed in words(render("letter", LETTER | {"about": typed}, "fr")).replace("\ufffd", "")


def test_an_exercise_says_so_on_every_page():
    long = LETTER | {"body": [{"kind": "text", "text": "Une ligne. " * 900}]}
    pages = read(render("letter", long, "fr", exercise=True)).pages
    assert len(pages) > 1
    assert all("EXERCICE" in page.extract_text() for page in pages)
    assert "EXERCICE" not in words(render("letter", long, "fr"))
    assert "EXERCISE" in words(render("letter", LETTER, "en", exercise=True))


def test_an_unknown_paper_is_named_with_those_there_are():
    with pytest.raises(UnknownPaperError, match="letter"):
        render("../../secret", LETTER, "fr")
    assert "frame" not in papers()


def test_a_qr_code_is_a_closed_svg_without_script():
    drawn = qr_svg("https://desk.example/reprendre?reference=CD-7K4-92M")
    assert drawn.startswith("<svg")
    assert drawn.rstrip().endswith("</svg>")
    assert "script" not in drawn
