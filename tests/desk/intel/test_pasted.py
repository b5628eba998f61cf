"""Reading whatever is at hand: lists, sentences, the source of mails, and what tries to harm."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cyberdesk.core.errors import InvalidError
from cyberdesk.desk.intel.reading import Sort, read_pasted, within
from cyberdesk.desk.intel.reading.mails import is_mail
from cyberdesk.desk.intel.reading.pasted import LONGEST_PASTE, MOST_LINES_PASTED, MOST_VALUES

HEAD = "From: <a@bad.fr>\nReceived: from x (x [185.1.2.3]) by mx.mairie.fr\nTo: b@mairie.fr\n"


def texts(values):
    return [value.text for value in values]


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("le poste 10.20.30.40, puis hxxp://bad[.]fr/a.", ["10.20.30.40", "http://bad.fr/a"]),
        ("cliquez <https://bad.fr/x>; merci", ["https://bad.fr/x"]),
        ("de compta [at] faux-tresor [point] fr hier", ["compta@faux-tresor.fr"]),
        ('la pièce "facture.zip" et facture.pdf', ["facture.zip", "facture.pdf"]),
        ("hash=44d88612fea8a8f36de82e1278abb02f", ["44d88612fea8a8f36de82e1278abb02f"]),
        ("M.Dupont a vu la DSI.Et ensuite, version 1.2.3.4 à 12:30 le 02.99.62.10", []),
        ("voir l’article 3.2 et la réunion du 12.11.2026, etc. OK?", []),
        ("bad.fr bad.fr BAD.fr", ["bad.fr"]),
    ],
)
def test_sentences_give_what_is_sure_and_nothing_else(said, found):
    assert texts(within(said)) == found


def test_a_line_is_a_value_a_label_or_a_sentence():
    read = read_pasted("un.fr\nmutex : Global\\x\nvoir deux.fr demain\n\nrien ici")
    assert [(value.sort, value.text) for value in read.values] == [
        (Sort.DOMAIN, "un.fr"), (Sort.MUTEX, "Global\\x"), (Sort.DOMAIN, "deux.fr"),
    ]  # fmt: skip
    assert [(line.number, line.text) for line in read.unread] == [(5, "rien ici")]


def test_what_a_person_says_of_a_line_holds():
    assert texts(read_pasted("rien ici", {1: Sort.MUTEX}).values) == ["rien ici"]


def test_a_mail_gives_its_sender_its_way_and_its_files_never_its_recipients():
    body = (
        'Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/plain\n'
        "Content-Transfer-Encoding: base64\n\nQWxsZXogc3VyIGh0dHBzOi8vYmFkLmZyL2E=\n--b\n"
        'Content-Type: application/zip; name="la facture.zip"\n'
        'Content-Disposition: attachment; filename="la facture.zip"\n\nUEsDBA==\n--b--\n'
    )
    read = read_pasted(HEAD + body)
    assert read.mail
    assert texts(read.values) == ["a@bad.fr", "185.1.2.3", "https://bad.fr/a", "la facture.zip"]


def test_where_a_link_leads_counts_and_not_only_what_it_says():
    page = HEAD + 'Content-Type: text/html\n\n<a href="https://bad.fr/x">https://impots.gouv.fr</a>'
    assert texts(read_pasted(page).values)[-2:] == ["https://bad.fr/x", "https://impots.gouv.fr"]


@pytest.mark.parametrize(
    "text", ["", "un.fr", "Fichier: a.zip\nNote: rien", "From: seul\n\nbonjour", "Re: bonjour"]
)
def test_what_is_no_mail_is_not_read_as_one(text):
    assert not is_mail(text)


@pytest.mark.parametrize(
    "mail",
    [
        HEAD + "Content-Type: text/plain; charset=no-such\n\nvoir bad.fr",
        HEAD + "Content-Type: multipart/mixed\n\nvoir bad.fr",
        HEAD + 'Content-Type: multipart/mixed; boundary=""\n\nvoir',
        HEAD + "Subject: =?utf-8?q?=FF=FE?= =?x?b?!!?=\nContent-Type: ;;;=\n\nvoir",
        HEAD + "From: \x00\ud800\n\nvoir",
        HEAD + "Content-Transfer-Encoding: base64\n\n!!!!",
        HEAD + "\n".join(f"X{n}: y" for n in range(1000)) + "\n\nvoir bad.fr",
        HEAD + 'Content-Type: text/html\n\n<a href="' + "<" * 20_000,
        HEAD + "".join(f'Content-Type: multipart/mixed; boundary="{n}"\n\n--{n}\n' for n in range(500)),
    ],
)  # fmt: skip
def test_a_mail_that_is_broken_is_read_as_far_as_it_goes(mail):
    assert "a@bad.fr" in texts(read_pasted(mail).values) or "\x00" in mail


@settings(deadline=None, max_examples=150)
@given(st.text(max_size=400), st.text(max_size=400))
def test_no_text_at_all_brings_it_down(head, body):
    read_pasted(body)
    read_pasted(f"{HEAD}{head}\n\n{body}")


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from(["un.fr", "10.0.0.9", "a@b.fr", "x.zip", "http://c.fr/"])))
def test_each_value_stands_once(values):
    read = read_pasted(" et ".join(values))
    assert len(texts(read.values)) == len(set(values))


@pytest.mark.parametrize(
    "text",
    [
        "x" * (LONGEST_PASTE + 1),
        "\n".join("x" for _ in range(MOST_LINES_PASTED + 1)),
        "\n".join(f"a{n}.fr" for n in range(MOST_VALUES + 1)),
        " ".join(f"a{n}.fr" for n in range(MOST_VALUES + 1)),
        HEAD + "\n" + " ".join(f"a{n}.fr" for n in range(MOST_VALUES + 1)),
    ],
)
def test_too_much_is_refused_by_name(text):
    with pytest.raises(InvalidError) as refused:
        read_pasted(text)
    assert list(refused.value.fields) == ["text"]


@pytest.mark.parametrize(
    "text",
    ["." * 100_000, "a." * 50_000, "[.]" * 33_000, "http://" * 14_000, "(a " * 33_000,
     "a@" * 50_000, "\u202e" * 100_000, "0" * 100_000, "x" * 99_999, "a.b@c/ " * 14_000,
     "[ . ] " * 16_000, " " * 100_000, ": " * 50_000],
)  # fmt: skip
def test_what_is_made_to_be_slow_is_not(text):
    begun = time.process_time()
    read_pasted(text[:LONGEST_PASTE])
    assert time.process_time() - begun < 3
