"""Files of a declaration and of its case: kept sealed, each on its own, read by their people only."""

import io
import re
import zipfile

import pytest
from sqlalchemy import select

from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.files.models import ERASED, StoredFile
from cyberdesk.desk.evidence import handing_in
from tests.factories.declarations import RANSOMWARE, make_declaration

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64


def send(browser, address, *files):
    data = {"files": [(io.BytesIO(content), name) for name, content in files]}
    return browser.post(address, data, content_type="multipart/form-data")


def stored():
    with atomic(SYSTEM) as s:
        return s.scalars(select(StoredFile).order_by(StoredFile.created_at)).all()


@pytest.fixture
def declarant(visitor):
    visitor.begin()
    return visitor


@pytest.fixture
def commune(visitor):
    begun, visitor.case_id = make_declaration(screens=RANSOMWARE)
    visitor.client.set_cookie("dossier", begun.token)
    visitor.at = f"/mon-dossier/{begun.reference}/fichiers"
    return visitor


def test_several_files_are_kept_told_by_content_and_shown(declarant):
    sent = send(declarant, "/declarer/fichiers", ("écran.png", PNG), ("note.txt", b"payez"))
    assert sent.location == "/declarer/fichiers"
    page = declarant.get("/declarer/fichiers").text
    assert "écran.png" in page
    assert "note.txt" in page
    assert [file.media_type for file in stored()] == ["image/png", "text/plain"]


def test_what_is_kept_is_not_open_on_the_disk(declarant, settings):
    send(declarant, "/declarer/fichiers", ("a.txt", b"tres secret " * 50))
    written = [path.read_bytes() for path in settings.files.rglob("*") if path.is_file()]
    assert written
    assert not any(b"tres secret" in held for held in written)


def test_a_name_that_lies_is_only_a_label(declarant):
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
    send(declarant, "/declarer/fichiers", ("../../photo\u202egnp.png", svg))
    [file] = stored()
    assert file.media_type == "image/svg+xml"
    with atomic(SYSTEM) as s:
        assert s.get_one(StoredFile, file.id).label == "photognp.png"


def test_one_too_large_or_empty_leaves_the_others(declarant, monkeypatch):
    monkeypatch.setattr(handing_in, "LARGEST_FILE", 1000)
    send(
        declarant, "/declarer/fichiers", ("gros.bin", b"x" * 1001), ("vide", b""), ("ok.txt", b"ok")
    )
    page = declarant.get("/declarer/fichiers").text
    assert "Pas gardé\u202f: gros.bin" in page
    assert "Pas gardé\u202f: vide" in page
    assert [file.state for file in stored() if file.state != ERASED] == ["kept"]


def test_more_than_fits_in_one_request_is_said_and_nothing_is_lost(declarant):
    send(declarant, "/declarer/fichiers", ("ok.txt", b"ok"))
    answer = declarant.client.post(
        "/declarer/fichiers",
        data=b"",
        content_type="multipart/form-data; boundary=x",
        headers={"Content-Length": str(500 << 20)},
        environ_overrides={"CONTENT_LENGTH": str(500 << 20)},
    )
    assert answer.status_code == 303
    page = declarant.get("/declarer/fichiers").text
    assert "trop gros" in page
    assert "ok.txt" in page


def test_a_bomb_is_kept_shut(declarant):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", b"\0" * 10_000_000)
    send(declarant, "/declarer/fichiers", ("sauvegarde.zip", packed.getvalue()))
    [file] = stored()
    assert file.media_type == "application/zip"
    assert file.size == len(packed.getvalue())


def test_a_file_can_be_taken_back_before_sending(declarant):
    send(declarant, "/declarer/fichiers", ("secret.txt", b"x"))
    away = re.search(
        r'action="(/declarer/fichiers/[^"]+/retirer)"', declarant.get("/declarer/fichiers").text
    )
    assert declarant.post(away.group(1)).status_code == 303
    assert "secret.txt" not in declarant.get("/declarer/fichiers").text
    assert stored()[0].label_sealed is None


def test_files_follow_the_declaration_into_its_case(declarant):
    send(declarant, "/declarer/fichiers", ("écran.png", PNG))
    declarant.answer(RANSOMWARE)
    declarant.send()
    assert stored()[0].case_id is not None
    assert declarant.get("/declarer/fichiers").location.endswith("/fichiers")
    reference = declarant.reference()
    assert "écran.png" in declarant.get(f"/mon-dossier/{reference}/fichiers").text


def test_files_are_handed_in_later_and_read_again_as_data(commune):
    send(commune, commune.at, ("page.html", b"<html><script>alert(1)</script>"), ("écran.png", PNG))
    page = commune.get(commune.at).text
    links = re.findall(rf'href="({commune.at}/[0-9a-f-]+)"', page)
    answers = {
        answer.headers["Content-Disposition"].split(";")[0]: answer
        for answer in map(commune.get, links)
    }
    assert answers["attachment"].mimetype == "application/octet-stream"
    assert answers["inline"].mimetype == "image/png"
    assert answers["inline"].data == PNG
    assert "sandbox" in answers["attachment"].headers["Content-Security-Policy"]


def test_files_of_another_are_the_same_404(commune, another):
    send(commune, commune.at, ("a.txt", b"a"))
    [file] = stored()
    theirs, _ = make_declaration()
    another.client.set_cookie("dossier", theirs.token)
    for address in (
        f"{commune.at}/{file.id}",
        f"/mon-dossier/{theirs.reference}/fichiers/{file.id}",
    ):
        assert another.get(address).status_code == 404


def test_a_provider_sees_only_what_they_handed_in(commune, another):
    send(commune, commune.at, ("interne.txt", b"a"))
    share = commune.at.replace("/fichiers", "/partage")
    page = commune.get(commune.post(share, {"role": "provider", "label": ""}).location).text
    another.client.set_cookie("dossier", re.search(r"/d/([\w-]+)", page).group(1))
    send(another, commune.at, ("journal.log", b"b"))
    seen = another.get(commune.at).text
    assert "journal.log" in seen
    assert "interne.txt" not in seen
    assert "journal.log" in commune.get(commune.at).text


def test_nobody_without_a_link_may_send_a_file(another):
    assert send(another, "/declarer/fichiers", ("a", b"a")).status_code == 401
    assert stored() == []
