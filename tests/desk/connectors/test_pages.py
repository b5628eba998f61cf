"""The pages of connectors: drawn from the manifest, for strong administrators alone."""

import re

import pytest

from cyberdesk.core.db import atomic
from cyberdesk.desk.connectors import service
from cyberdesk.desk.connectors.catalogue import catalogue
from tests.factories.people import actor_of, make_person, sign_in

SECRET = "a secret of at least 24 signs"
URL = "/administration/connecteurs"


@pytest.fixture
def boss(app):
    return make_person("admin", name="Amira Boss")


@pytest.fixture
def desk(client, boss):
    return sign_in(client, boss)


def hook(desk, **fields):
    return desk.submit(
        f"{URL}/webhook/reglages", {"url": "https://example.org/h", "secret": SECRET} | fields
    )


def test_what_was_never_set_up_says_so(desk):
    page = desk.get(URL).text
    assert page.count("jamais réglé") == len(catalogue())
    assert "mail.send" in desk.get(f"{URL}/mail").text


def test_the_form_has_the_fields_defaults_and_help_of_the_manifest(desk):
    french = desk.get(f"{URL}/mail").text
    assert 'value="587"' in french
    assert "TLS dès le début (port 465)" in french
    assert "Vide si le serveur n’en demande pas" in french
    english = desk.get(f"{URL}/mail?lang=en").text
    assert "Empty where the server asks for none" in english
    assert "never repeated by itself" in english


def test_a_secret_is_taken_told_of_and_never_shown(desk):
    assert hook(desk).status_code == 302
    page = desk.get(f"{URL}/webhook").text
    assert "par Amira Boss" in page
    assert SECRET not in page
    assert hook(desk, url="https://example.org/other", secret="").status_code == 302
    assert "https://example.org/other" in desk.get(f"{URL}/webhook").text


def test_no_password_is_typed_before_the_eyes_of_others(desk):
    """A secret of several lines, such as a key, has a field that shows it: a password has not."""
    passwords = {"caldav", "imap", "ldap", "mail"}
    asking = {n for n, one in catalogue().items() if "password" in one.manifest.secrets}
    assert asking == passwords
    for name in passwords:
        page = desk.get(f"{URL}/{name}").text
        [field] = re.findall(r'<(\w+)[^>]* name="password"', page)
        assert (field, page.count('type="password"')) == ("input", 1), name


def test_what_does_not_fit_is_told_beside_its_field_and_what_was_typed_is_kept(desk):
    page = hook(desk, url="ftp://example.org", secret="short")
    assert page.status_code == 422
    assert "Au moins 24 caractères." in page.text
    assert 'value="ftp://example.org"' in page.text
    assert "short" not in page.text
    missing = desk.submit(f"{URL}/webhook/reglages", {"url": "https://example.org"})
    assert "Cette réponse est obligatoire." in missing.text
    assert desk.submit(f"{URL}/mail/reglages", {"host": "h", "port": "many"}).status_code == 422


def test_an_unknown_field_is_refused(desk):
    assert hook(desk, enabled="1").status_code == 422


def test_a_try_tells_its_result_in_words(desk):
    hook(desk, url="https://169.254.169.254/latest")
    assert desk.submit(f"{URL}/webhook/essai").status_code == 302
    page = desk.get(f"{URL}/webhook").text
    assert "Nos propres règles ne laissent rien sortir vers là" in page
    assert "ne fonctionne pas" in desk.get(URL).text


def test_switching_off_and_on(desk):
    hook(desk)
    desk.submit(f"{URL}/webhook/etat", {"on": "0"})
    assert "arrêté" in desk.get(URL).text
    desk.submit(f"{URL}/webhook/etat", {"on": "1"})
    assert "arrêté" not in desk.get(URL).text


def test_an_action_is_rehearsed(desk):
    hook(desk)
    assert "case:opened" in desk.get(f"{URL}/webhook/actions/post").text
    shown = desk.submit(f"{URL}/webhook/actions/post", {"event": "case:closed", "data": '{"n": 1}'})
    assert "POST https://example.org/h" in shown.text
    wrong = desk.submit(f"{URL}/webhook/actions/post", {"event": "Case Closed", "data": "{"})
    assert wrong.status_code == 422
    assert "Ce n’est pas du JSON." in wrong.text


@pytest.mark.parametrize("path", ["/nothing", "/mail/actions/nothing", "/nothing/actions/send"])
def test_what_is_not_installed_is_not_found(desk, path):
    assert desk.get(URL + path).status_code == 404


def test_a_password_alone_is_not_enough(client, boss):
    sign_in(client, boss, strong=False)
    assert client.get(URL).status_code == 302
    assert "/connexion" not in client.get(URL).location


def test_a_lead_reads_and_tries_but_changes_nothing(client, boss):
    with atomic(actor_of(boss).scope):
        given = {"url": "https://example.org/h", "secret": SECRET}
        service.configure(actor_of(boss), "webhook", given=given, enabled=True)
    lead = sign_in(client, make_person("lead"))
    page = lead.get(f"{URL}/webhook").text
    assert "Enregistrer les réglages" not in page
    assert SECRET not in page
    assert lead.submit(f"{URL}/webhook/reglages", {}).status_code == 403
    assert lead.submit(f"{URL}/webhook/etat", {"on": "0"}).status_code == 403


@pytest.mark.parametrize("role", ["responder", "auditor", "manager"])
def test_others_do_not_come_in(client, role):
    assert sign_in(client, make_person(role)).get(URL).status_code == 403
