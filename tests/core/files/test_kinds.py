"""A type is told from the content, and what may carry a script is never shown in a page."""

import pytest

from cyberdesk.core.files.kinds import SHOWN_INLINE, media_type
from cyberdesk.core.files.models import StoredFile
from cyberdesk.core.files.serving import headers

HEADS = {
    b"": "application/x-empty",
    b"\x89PNG\r\n\x1a\n" + b"\0" * 30: "image/png",
    b"\xff\xd8\xff\xe0\0\x10JFIF\0": "image/jpeg",
    b"GIF89a" + b"\0" * 9: "image/gif",
    b"RIFF\x24\0\0\0WEBPVP8 ": "image/webp",
    b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n": "application/pdf",
    b"PK\x03\x04" + b"\0" * 40: "application/zip",
    b"MZ\x90\x00" + b"\0" * 60: "application/vnd.microsoft.portable-executable",
    b"Bonjour, vos fichiers sont chiffr\xc3\xa9s.": "text/plain",
    b"a cut last character \xc3": "text/plain",
    b"\x00\x01\x02\x03": "application/octet-stream",
    b"From: a@example.org\r\nSubject: x\r\n": "message/rfc822",
    b"<!DOCTYPE html><p>x": "text/html",
    b"  \n<HTML>": "text/html",
    b"notes <script>alert(1)</script>": "text/html",
    b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>": "image/svg+xml",
    b"\n\n<SVG onload=alert(1)>": "image/svg+xml",
    b"\xef\xbb\xbf<svg>": "image/svg+xml",
}


@pytest.mark.parametrize(("head", "kind"), HEADS.items())
def test_the_type_is_told_from_the_content(head, kind):
    assert media_type(head) == kind


def test_nothing_that_can_carry_a_script_is_shown_inline():
    risky = {"image/svg+xml", "text/html", "application/xml", "application/pdf", "message/rfc822"}
    assert not risky & SHOWN_INLINE


class Named:
    """A file's row as `headers` reads it."""

    def __init__(self, media_type="image/png", label="photo.png"):
        self.media_type, self.label, self.size = media_type, label, 7


def served(inline=True, **about):
    file: StoredFile = Named(**about)  # type: ignore[assignment]
    return headers(file, inline=inline)


@pytest.mark.parametrize("kind", sorted(set(HEADS.values()) - SHOWN_INLINE))
def test_the_rest_is_a_download_without_a_type(kind):
    given = served(media_type=kind)
    assert given["Content-Type"] == "application/octet-stream"
    assert given["Content-Disposition"].startswith("attachment;")


def test_a_picture_is_shown_when_it_is_asked_for_and_never_believed_to_be_a_page():
    given = served()
    assert given["Content-Type"] == "image/png"
    assert given["Content-Disposition"].startswith("inline;")
    assert given["X-Content-Type-Options"] == "nosniff"
    assert given["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert given["Cache-Control"] == "private, no-store"
    assert served(inline=False)["Content-Type"] == "application/octet-stream"


def test_plain_text_is_shown_in_its_charset():
    assert served(media_type="text/plain")["Content-Type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize(
    ("label", "plain", "whole"),
    [
        ("photo.png", "photo.png", "photo.png"),
        ("rançon.txt", "ran_on.txt", "ran%C3%A7on.txt"),
        ("../../etc/passwd", "passwd", "passwd"),
        ("C:\\temp\\x.exe", "x.exe", "x.exe"),
        ('a";\r\nSet-Cookie: x=1', "a_Set-Cookie_ x_1", "a%22%3BSet-Cookie%3A%20x%3D1"),
        ("invoice\u202efdp.exe", "invoicefdp.exe", "invoicefdp.exe"),
        ("...", "file", "file"),
        ("", "file", "file"),
    ],
)
def test_a_given_name_cannot_break_out_of_its_header(label, plain, whole):
    given = served(label=label)["Content-Disposition"]
    assert given == f"inline; filename=\"{plain}\"; filename*=UTF-8''{whole}"
