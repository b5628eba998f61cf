"""What is read from pasted lines: sure of what it says, silent about the rest."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cyberdesk.core.errors import InvalidError
from cyberdesk.desk.intel import privacy
from cyberdesk.desk.intel.defanging import defang, written
from cyberdesk.desk.intel.marking import Tlp
from cyberdesk.desk.intel.reading import Sort, Value, read, read_one
from cyberdesk.desk.intel.reading.characters import shown
from cyberdesk.desk.intel.reading.lines import LONGEST_LINE, MOST_LINES, readable_as


def found(text):
    return [(value.sort.value, value.text) for value in read_one(text).found]


@pytest.mark.parametrize(
    ("typed", "sort", "text"),
    [
        ("hxxps://evil[.]example[.]com/a?b=[1]&c=é", "url", "https://evil.example.com/a?b=%5B1%5D&c=%C3%A9"),
        ("h**p://bad(dot)fr/x", "url", "http://bad.fr/x"),
        ("hxxp[:]//bad[.]fr[/]x", "url", "http://bad.fr/x"),
        ("fxp://bad[.]fr/x", "url", "ftp://bad.fr/x"),
        ("http://BAD.fr/Chemin", "url", "http://bad.fr/Chemin"),
        ("http://préfecture.fr/a%zz", "url", "http://xn--prfecture-c4a.fr/a%25zz"),
        ("« http://x.fr/(a) ».", "url", "http://x.fr/(a)"),
        ("- http://x.fr/foo).", "url", "http://x.fr/foo"),
        ("http://[2001:db8::1]:8080/x", "url", "http://[2001:db8::1]:8080/x"),
        ("http://10.0.0.1/x", "url", "http://10.0.0.1/x"),
        ("bad.fr/login", "url", "http://bad.fr/login"),
        ("185.12.3[.]4", "ipv4", "185.12.3.4"),
        ("185[.12[.3.]4", "ipv4", "185.12.3.4"),
        ("185.1.2.3:8080", "ipv4", "185.1.2.3"),
        ("10.0.0.0/8", "ipv4", "10.0.0.0/8"),
        ("185.12.3.77/24", "ipv4", "185.12.3.0/24"),
        ("2001:DB8:0:0::1", "ipv6", "2001:db8::1"),
        ("[2001:db8::1]:443", "ipv6", "2001:db8::1"),
        ("fe80::1%eth0", "ipv6", "fe80::1"),
        ("2001:db8::/32", "ipv6", "2001:db8::/32"),
        ("mairie (point) fr", "domain", "mairie.fr"),
        ("mairie[point]fr", "domain", "mairie.fr"),
        ("préfecture-paiement.fr", "domain", "xn--prfecture-paiement-cwb.fr"),
        ("Exemple.FR.", "domain", "exemple.fr"),
        ("*.bad.fr", "domain", "bad.fr"),
        ("bad\\.fr", "domain", "bad.fr"),
        ("facture[.]zip", "domain", "facture.zip"),
        ("bad.fr:443", "domain", "bad.fr"),
        ("contact[arobase]mairie[point]fr", "email", "contact@mairie.fr"),
        ("contact (at) mairie (dot) fr", "email", "contact@mairie.fr"),
        ("mailto:a.b+c@EXEMPLE.fr", "email", "a.b+c@exemple.fr"),
        ("o'brien@x.fr", "email", "o'brien@x.fr"),
        ("44D88612FEA8A8F36DE82E1278ABB02F", "md5", "44d88612fea8a8f36de82e1278abb02f"),
        ("a" * 20 + "b1c2" * 5, "sha1", "a" * 20 + "b1c2" * 5),
        ("0123456789abcdef" * 4, "sha256", "0123456789abcdef" * 4),
        ("0123456789abcdef" * 8, "sha512", "0123456789abcdef" * 8),
        ("facture.zip", "file", "facture.zip"),
        ("setup.py", "file", "setup.py"),
        ("'Facture mars.pdf'", "file", "Facture mars.pdf"),
        ("fichier : Facture mars", "file", "Facture mars"),
        (r"C:\Users\x\a b.exe", "path", r"C:\Users\x\a b.exe"),
        (r"%APPDATA%\a.exe", "path", r"%APPDATA%\a.exe"),
        (r"\\srv\partage\a.doc", "path", r"\\srv\partage\a.doc"),
        ("/tmp/.x/run", "path", "/tmp/.x/run"),
        ("C:\\Temp\\", "folder", r"C:\Temp"),
        (r"HKLM\Software\X", "registry", r"HKEY_LOCAL_MACHINE\Software\X"),
        (r"hkcu:\Software\X", "registry", r"HKEY_CURRENT_USER\Software\X"),
        (r"MAIRIE\jdupont", "account", r"MAIRIE\jdupont"),
        ("compte: admin", "account", "admin"),
        (r"Global\abc", "mutex", r"Global\abc"),
        ("mutex=truc machin", "mutex", "truc machin"),
        ("processus : powershell -enc AA (at) x", "process", "powershell -enc AA (at) x"),
        ("00-11-22-AA-44-55", "mac", "00:11:22:aa:44:55"),
        ("AS : 12345", "asn", "12345"),
        ("ip: 8.8.8.8", "ipv4", "8.8.8.8"),
        ("8.8.8[.]8", "ipv4", "8.8.8.8"),
        ("3:AXGBicFlgVNhBGcL6wCrFQEv:AXGHsNhxLsr2C", "ssdeep", "3:AXGBicFlgVNhBGcL6wCrFQEv:AXGHsNhxLsr2C"),
    ],
)  # fmt: skip
def test_it_reads_what_people_write(typed, sort, text):
    assert found(typed) == [(sort, text)]


@pytest.mark.parametrize(
    "typed",
    [
        "1.2.3.4",  # a version as well as an address: said with `ip:` or defanged, it is one
        "version 10.4.12.3",
        "v2.11.0",
        "02.99.62.10",
        "04 94 12 34 56",
        "04.94.12.34.56",
        "+33 4 94 12 34 56",
        "22/11/2026",
        "22.11.2026",
        "2026-11-22 07:30",
        "12:30:45",
        "ASP.NET",
        "System.IO",
        "DSI.Et",
        "la DSI.Et ensuite",
        "M.Dupont",
        "A.Paris",
        "voir facture.zip",
        "une facture.zip est arrivée",
        "bonjour",
        "0.0.0.0",
        "300.1.2.3",
        "192.168.1.256",
        "::",
        "0" * 32,
        "deadbeef",
        "https://",
        "http://[::1",
        "http://x.fr:99999/",
        "http://300.1.2.3/",
        "-bad-.fr",
        "a..b.fr",
        "x" * 64 + ".fr",
        "@mairie.fr",
        "a@b",
        "FR76 3000 4000 0312 3456 7890 143",
        "sha256: abcd",
        "ip: bonjour",
        "domaine: 1.2.3.4",
    ],
)
def test_it_says_nothing_when_it_is_not_sure(typed):
    line = read_one(typed)
    assert line.found == ()
    assert str(line.problem)


def test_several_values_on_a_line_are_all_read_or_none():
    assert found("bad.fr, 185.3.4.5; facture.exe") == [
        ("domain", "bad.fr"), ("ipv4", "185.3.4.5"), ("file", "facture.exe"),
    ]  # fmt: skip
    assert found("44d88612fea8a8f36de82e1278abb02f  facture.exe")[0][0] == "md5"
    assert found("bad.fr vu hier") == []


def test_a_person_settles_what_is_unsure():
    assert read_one("1.2.3.4", Sort.IPV4).found[0].text == "1.2.3.4"
    assert read_one("facture.zip", Sort.DOMAIN).found[0].sort is Sort.DOMAIN
    assert read_one("facture.zip", Sort.IPV4).found == ()
    assert Sort.FILE in readable_as("bonjour")
    assert Sort.IPV4 not in readable_as("bonjour")


def test_signs_without_ink_are_said_and_kept_only_where_they_are_the_trick():
    domain = read_one("ev\u200bil.fr").found[0]
    assert (domain.text, domain.remarks) == ("evil.fr", ("hidden-removed",))
    file = read_one("facture\u202efdp.exe").found[0]
    assert (file.text, file.remarks) == ("facture\u202efdp.exe", ("hidden-kept",))
    assert defang(file) == "facture⟨U+202E⟩fdp.exe"


def test_letters_that_only_look_latin_are_remarked():
    imitation = read_one("http://аррӏе.com/").found[0]
    assert imitation.remarks == ("foreign-letters",)
    assert imitation.text == "http://xn--80ak6aa92e.com/"
    assert written(imitation) == "аррӏе[.]com"
    assert read_one("évreux.fr").found[0].remarks == ("accents",)


@pytest.mark.parametrize("sign", ["\x00", "\x1b", "\x7f", "\x9b", "\ud800"])
def test_control_signs_are_no_text(sign):
    assert read_one(f"bad{sign}.fr").found == ()


def test_a_value_that_comes_twice_is_remarked_once_each_further_time():
    lines = read("bad.fr\nBAD[.]fr\n\nhxxp://bad[.]fr/\n")
    assert [line.number for line in lines] == [1, 2, 4]
    assert [line.found[0].remarks for line in lines] == [(), ("twice",), ()]


def test_a_hundred_thousand_lines_are_refused_at_once():
    begun = time.monotonic()
    with pytest.raises(InvalidError) as refused:
        read("bad.fr\n" * 100_000)
    assert str(MOST_LINES) in str(refused.value.message)
    assert time.monotonic() - begun < 2


@pytest.mark.parametrize(
    "line",
    [
        "a" * 10_000_000,
        "http://" + "a." * 5_000_000,
        " " * 4000 + "x",
        "[" * 4000,
        "(" * 2000 + ")" * 2000,
        "a@" * 2000,
        "\\." * 2000,
        "a:" * 2000,
        "/a" * 2000,
        "C:" + "\\a" * 2000,
        "é." * 2000,
        "١" * 4000,
        "%" * 4000,
        "1." * 2000,
        "« " * 2000,
    ],
)
def test_a_huge_or_hostile_line_costs_little(line):
    begun = time.monotonic()
    read_one(line)
    readable_as(line)
    assert time.monotonic() - begun < 0.3


def test_a_line_that_is_too_long_says_so_and_is_shown_cut():
    line = read_one("a" * (LONGEST_LINE + 1))
    assert "4096" in str(line.problem)
    assert len(line.text) < 400


@given(st.text(max_size=200))
def test_any_text_is_read_without_failing(text):
    for line in read(text.replace("\n", " ")):
        for value in line.found:
            assert value.text
            assert shown(value.text)


_label = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?", fullmatch=True).filter(
    lambda label: not label.startswith("xn--")
)
_domain = st.builds(
    lambda parts, top: ".".join([*parts, top]),
    st.lists(_label, min_size=1, max_size=3),
    st.sampled_from(["fr", "com", "zip", "sh", "example"]),
)
_octets = st.ip_addresses(v=4).map(str)


@given(_domain)
def test_a_defanged_domain_reads_back_as_itself(name):
    value = Value(Sort.DOMAIN, name)
    assert found(defang(value)) == [("domain", name)]


@given(_octets)
def test_a_defanged_address_reads_back_as_itself(address):
    read_back = found(defang(Value(Sort.IPV4, address)))
    assert read_back == ([] if address == "0.0.0.0" else [("ipv4", address)])


@given(_domain, st.text(st.characters(min_codepoint=33, max_codepoint=0x2FF), max_size=30))
def test_an_address_reads_the_same_defanged_and_read_again(name, rest):
    once = read_one(f"http://{name}/{rest}", Sort.URL).found
    if once:
        assert found(defang(once[0])) == [("url", once[0].text)]


@pytest.mark.parametrize(
    "text",
    [
        "10.1.2.3", "192.168.0.0/16", "fe80::1", "nas.local", "http://serveur/x", "a@mairie.lan",
        "http://u:p@bad.fr/", "00:11:22:33:44:55", r"MAIRIE\jean", r"C:\Users\jean\a.exe",
        "/home/jean/.ssh/id", r"\\srv\partage\a.doc", "http://10.1.2.3/x", "http://[fe80::1]/",
    ],
)  # fmt: skip
def test_what_tells_of_the_inside_is_known(text):
    value = read_one(text).found[0]
    assert privacy.inside(value)
    assert privacy.suggested(value) is Tlp.AMBER_STRICT


@pytest.mark.parametrize("text", ["185.1.2.3", "192.0.2.1", "bad.fr", "http://bad.fr/a@b", "a.exe"])
def test_what_comes_from_outside_may_be_told(text):
    assert not privacy.inside(read_one(text).found[0])


@pytest.mark.parametrize(
    ("text", "victim", "named"),
    [
        ("mairie-valfleur.fr", "Valfleur", True),
        ("http://bad.fr/Val-Fleur/", "Val-Fleur", True),
        ("saint-étienne-du-gres.fr", "Saint-Étienne-du-Grès", True),
        ("unicef.fr", "Nice", False),
        ("mairie-nice.fr", "Nice", True),
        ("mairie.fr", "Commune de Mairie", False),
        ("bad.fr", "Valfleur", False),
    ],
)
def test_the_victim_is_found_in_a_value(text, victim, named):
    assert privacy.names(read_one(text).found[0], victim) is named
