"""Reading a mail, whatever a stranger made of it."""

import pytest

from cyberdesk.desk.arrivals.mails import read_mail, without_tags

REFERENCE = "CD-BNT-CRW"  # its last sign checks the others


def mail(*headers, body="Bonjour"):
    return "\r\n".join(["From: Zoé <Zoe@Example.org>", *headers, "", body]).encode()


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-generated; x=y",
        "Precedence: Bulk",
        "Return-Path: <>",
        "List-Id: <a.example.org>",
        "Content-Type: multipart/report; report-type=delivery-status; boundary=x",
    ],
)
def test_what_machines_wrote_is_known(header):
    assert read_mail(mail(header)).automatic


@pytest.mark.parametrize("header", ["Auto-Submitted: no", "Return-Path: <zoe@example.org>", "X: y"])
def test_what_people_wrote_too(header):
    assert not read_mail(mail(header)).automatic


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (f"Subject: Re: {REFERENCE}", True),
        (f"Subject: dossier {REFERENCE.lower()}.", True),
        (f"Subject: {REFERENCE.replace('-', ' ')}", True),
        (f"References: <a@b> <{REFERENCE}.1@example.org>", True),
        (f"In-Reply-To: <{REFERENCE}@example.org>", True),
        (f"Subject: X{REFERENCE}", False),
        ("Subject: CD-AAA-AAA", False),
        (f"X-Other: {REFERENCE}", False),
    ],
)
def test_references_are_found_where_answers_bear_them(header, found):
    assert read_mail(mail(header)).references == ((REFERENCE,) if found else ())


def test_who_wrote_it_is_one_address():
    read = read_mail(mail())
    assert (read.address, read.name) == ("zoe@example.org", "Zoé")
    for bad in (b"From: nobody", b"From: <a@>", b"", b"From: =?utf-8?q?=ff?="):
        assert read_mail(bad + b"\r\n\r\nx").address == ""


@pytest.mark.parametrize(
    ("headers", "passed"),
    [
        (["mx.example.org; spf=fail; dmarc=pass (p=reject) header.from=example.org"], True),
        (["MX.example.org 1;\r\n\tdmarc=pass"], True),
        (["mx.example.org; dmarc=fail", "mx.example.org; dmarc=pass"], False),
        (["other.example.org; dmarc=pass"], False),
        (["mx.example.org; spf=pass smtp.mailfrom=dmarc=pass"], False),
        (["mx.example.org; dmarc=passing"], False),
        (["", ";dmarc=pass"], False),
    ],
)
def test_a_sender_is_vouched_for_by_the_topmost_word_of_the_server_named(headers, passed):
    read = read_mail(mail(*(f"Authentication-Results: {one}" for one in headers)))
    assert ("mx.example.org" in read.passed) is passed


def test_html_is_read_as_text_and_nothing_of_it_is_fetched():
    page = (
        "<head><title>t</title><style>p {}</style></head><p>Un &amp; <b>deux</b></p>"
        "<script>alert(1)</script><img src='https://spy.example.org/x'><div>trois</div>"
    )
    assert without_tags(page) == "Un & deux\ntrois"
    read = read_mail(mail("Content-Type: text/html; charset=utf-8", body=page))
    assert read.text == "Un & deux\ntrois"


def test_what_hangs_on_it_is_told_from_what_it_says():
    body = (
        "--x\r\nContent-Type: text/plain; charset=nonsense\r\n\r\nLe mot\u202e\r\n"
        "--x\r\nContent-Type: text/html\r\n\r\n<p>autre</p>\r\n"
        '--x\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename="../a.txt"\r\n'
        "\r\npas le mot\r\n"
        "--x\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\naGE=\r\n--x--"
    )
    read = read_mail(mail("Content-Type: multipart/mixed; boundary=x", body=body))
    assert read.text == "Le mot"
    assert [(file.name, file.content) for file in read.files] == [
        ("../a.txt", b"pas le mot"),
        ("image/png", b"ha"),
    ]


@pytest.mark.parametrize(
    "source",
    [
        b"\xff\xfe\x00" * 50,
        b"Content-Type: multipart/mixed; boundary=\r\n\r\n--\r\n",
        b"Content-Type: text/plain; charset=\x00\r\n\r\nx",
        b"Content-Disposition: attachment; filename*=utf-8''%ff%ZZ\r\n\r\nx",
        b'Message-ID: <@[\r\nFrom: "\r\nSubject: =?x?q?=?=\r\n\r\nx',
        b"Content-Transfer-Encoding: base64\r\n\r\n\xff!",
        b"Content-Type: message/rfc822\r\n\r\n" * 30,
        b"Content-Type: text/html\r\n\r\n<![x" + b"<" * 5000,
    ],
)
def test_nothing_makes_it_fail(source):
    read_mail(source)
