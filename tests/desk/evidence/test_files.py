"""The files of a case at the desk: what the commune sent, what the desk adds, and their custody."""

import io
import re
from uuid import uuid4

import pytest
from sqlalchemy import select

from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.files.models import StoredFile
from cyberdesk.desk.cases.models import Case
from tests.factories import make_person, sign_in
from tests.factories.declarations import RANSOMWARE, make_declaration

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


@pytest.fixture
def declared():
    begun, case_id = make_declaration(screens=RANSOMWARE)
    return begun, case_id, f"/desk/cases/{begun.reference}"


@pytest.fixture
def desk(app, declared):
    return sign_in(app.test_client(), make_person(name="Camille Roux", strand="cyber"))


@pytest.fixture
def commune(app, declared):
    client = app.test_client()
    client.set_cookie("dossier", declared[0].token)
    return client


def hand_in(client, address, *files):
    sent = [(io.BytesIO(content), name) for name, content in files]
    return client.submit(address, {"files": sent}, content_type="multipart/form-data")


def kept():
    with atomic(SYSTEM) as s:
        return s.scalars(select(StoredFile).order_by(StoredFile.created_at)).all()


def test_the_desk_sees_what_the_commune_sent_and_reads_it_as_data(desk, commune, declared):
    begun, _, address = declared
    hand_in(commune, f"/mon-dossier/{begun.reference}/fichiers", ("note.png", PNG), ("x.svg", SVG))
    page = desk.get(f"{address}/files").text
    links = re.findall(rf'href="({address}/files/[0-9a-f-]+)"', page)
    assert "note.png" in page
    shown = [desk.get(f"{link}/content?view=1") for link in dict.fromkeys(links)]
    assert {answer.mimetype for answer in shown} == {"image/png", "application/octet-stream"}
    assert all("sandbox" in answer.headers["Content-Security-Policy"] for answer in shown)
    assert shown[0].data == PNG


def test_custody_tells_each_reading_and_check(desk, commune, declared):
    begun, _, address = declared
    hand_in(commune, f"/mon-dossier/{begun.reference}/fichiers", ("note.png", PNG))
    [file] = kept()
    desk.get(f"{address}/files/{file.id}/content")
    checked = desk.submit(f"{address}/files/{file.id}/verify")
    page = desk.get(checked.location).text
    told = re.findall(r"(remis et scellé|>lu<|c’est bien ce qui a été remis)", page)
    assert told == ["remis et scellé", ">lu<", "c’est bien ce qui a été remis"]
    assert file.sha256.hex() in page


def test_what_is_damaged_is_said(desk, commune, declared, settings):
    begun, _, address = declared
    hand_in(commune, f"/mon-dossier/{begun.reference}/fichiers", ("note.txt", b"payez" * 100))
    [file] = kept()
    [sealed] = [
        p for p in settings.files.rglob("*") if p.is_file() and file.address.hex() in p.name
    ]
    sealed.write_bytes(sealed.read_bytes()[:-1] + b"!")
    page = desk.get(desk.submit(f"{address}/files/{file.id}/verify").location).text
    assert "Ce fichier est abîmé" in page


def test_what_the_desk_adds_stays_at_the_desk(desk, commune, declared):
    begun, case_id, address = declared
    assert hand_in(desk, f"{address}/files", ("pare-feu.log", b"deny tcp")).status_code == 303
    assert [(file.case_id, file.declaration_id) for file in kept()] == [(case_id, None)]
    assert "pare-feu.log" in desk.get(address).text
    theirs = f"/mon-dossier/{begun.reference}/fichiers"
    assert "pare-feu.log" not in commune.get(theirs).text
    assert commune.get(f"{theirs}/{kept()[0].id}").status_code == 404


def test_a_file_of_another_case_is_the_same_404(desk, declared):
    _, _, address = declared
    other, _ = make_declaration(screens=RANSOMWARE)
    hand_in(desk, f"/desk/cases/{other.reference}/files", ("a.txt", b"a"))
    [file] = kept()
    foreign, absent = (desk.get(f"{address}/files/{one}") for one in (file.id, uuid4()))
    assert foreign.status_code == absent.status_code == 404


@pytest.mark.parametrize("part", ["", "/content"])
def test_nobody_else_reaches_it(app, commune, desk, declared, part):
    _, _, address = declared
    hand_in(desk, f"{address}/files", ("a.txt", b"a"))
    there = f"{address}/files/{kept()[0].id}{part}"
    stranger = sign_in(app.test_client(), make_person(name="Luc Autre", strand="campus"))
    assert commune.get(there).status_code in {403, 404}
    assert stranger.get(there).status_code == 404


def test_the_case_shows_what_was_declared(desk, declared):
    _, case_id, address = declared
    page = desk.get(address).text
    assert "Ce qui a été déclaré" in page
    assert "Merci de rappeler." in page
    assert "Une note de rançon" in page or "demande de l’argent" in page
    with atomic(SYSTEM) as s:
        assert s.get_one(Case, case_id).declaration_id is not None
