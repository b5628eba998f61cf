"""An empty house, from the link that `up` prints to a responder before an empty queue."""

import email
import email.policy
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import expect

from cyberdesk.core.embedded.ports import listen_locally
from tests.core.access.authenticators import six_digits
from tests.desk.connectors.post_office import post_office
from tests.journeys.looking import looked_at

pytestmark = [pytest.mark.journey, pytest.mark.timeout(420)]

PASSWORD = "agrafe cheval pile correcte"
TABLE = "jardin lampe rivière douze"


@contextmanager
def opened_house(data: Path) -> Iterator[str]:
    """Start `cyberdesk up` as an operator does, and yield all that it printed."""
    with listen_locally() as listener:
        port = listener.getsockname()[1]
    command = [sys.executable, "-m", "cyberdesk", "up", "--data", str(data), "--port", str(port)]
    with subprocess.Popen(
        [*command, "--workers", "1"],
        env={"PATH": os.environ["PATH"]},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as house:
        try:
            said = []
            for line in house.stdout:
                said.append(line)
                if "Stop it with Ctrl-C." in line:
                    break
            yield "".join(said)
        finally:
            house.terminate()
            house.communicate(timeout=60)


@pytest.fixture
def data() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="cyberdesk-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def browser(chromium):
    """Make a browser of somebody's own, French."""
    contexts = []

    def make():
        contexts.append(
            chromium.new_context(locale="fr-FR", viewport={"width": 1280, "height": 860})
        )
        page = contexts[-1].new_page()
        page.set_default_timeout(30_000)
        return page

    yield make
    for context in contexts:
        context.close()


def come_in(page, link, *, name, address=None, password, look=None):
    """Take up an invitation, and set up the application on one's telephone."""
    page.goto(link)
    if look:
        look(page, "first-welcome")
    page.get_by_label("Votre nom").fill(name)
    if address:
        page.get_by_label("Adresse de courriel").fill(address)
    page.get_by_label("Choisissez un mot de passe").fill(password)
    page.get_by_label("Le même, encore une fois").fill(password)
    page.get_by_role("button", name="Créer mon compte").click()
    expect(page.get_by_role("link", name="L’installer")).to_be_visible()
    if look:
        look(page, "first-protect")
    page.get_by_role("link", name="L’installer").click()
    page.get_by_role("button", name="Afficher l’image à scanner").click()
    expect(page.locator(".qr .code, .code").first).to_be_visible()
    if look:
        look(page, "first-authenticator")
    key = page.locator(".qr .code, .code").first.inner_text()
    page.get_by_label("Code").fill(six_digits(key))
    page.get_by_role("button", name="Valider le code").click()


def letter_to(office, address) -> str:
    """Wait for the letter to `address`, and return its text."""
    end = time.monotonic() + 90
    while time.monotonic() < end:
        for mail in office.mails:
            if mail.rcpt_tos == [address]:
                read = email.message_from_bytes(mail.content, policy=email.policy.default)
                return read.get_content()
        time.sleep(0.3)
    raise AssertionError(f"no letter to {address}: {office.mails}")


def test_from_the_printed_link_to_a_responder_before_an_empty_queue(data, browser, shots):
    def look(page, name):
        looked_at(page, shots, name)

    with opened_house(data) as said, post_office() as office:
        assert "assword" not in said, "there is no default account"
        link = re.search(r"http://\S+/invitation/\S+", said).group()
        boss = browser()
        come_in(
            boss, link, name="Amira Boss", address="amira@example.org", password=PASSWORD, look=look
        )
        expect(boss.get_by_role("button", name="Créer de nouveaux codes")).to_be_visible()
        look(boss, "first-recovery")
        boss.get_by_role("button", name="Créer de nouveaux codes").click()
        expect(boss.get_by_role("link", name="Je les ai gardés")).to_be_visible()
        look(boss, "first-codes")
        boss.get_by_role("link", name="Je les ai gardés").click()
        expect(boss.get_by_role("link", name="Invitations")).to_be_visible()
        look(boss, "first-steps")
        other = browser()
        assert other.goto(link).status == 404, "the link opens once"
        boss.get_by_role("link", name="Invitations").click()
        look(boss, "first-invitations")
        boss.get_by_role("link", name="Régler le courriel").click()
        boss.get_by_label("Serveur").fill("127.0.0.1")
        boss.get_by_label("Port").fill(str(office.port))
        boss.get_by_label("Chiffrement").select_option("none")
        boss.get_by_label("Expéditeur").fill("Centre <centre@example.org>")
        boss.get_by_role("button", name="Enregistrer les réglages").click()
        boss.get_by_role("button", name="Essayer la connexion").click()
        expect(boss.get_by_text("fonctionne", exact=True)).to_be_visible()
        boss.get_by_role("link", name="Invitations").click()
        boss.get_by_label("Nom", exact=True).fill("Camille Roux")
        boss.get_by_label("Adresse de courriel").fill("camille@example.org")
        boss.get_by_role("button", name="Envoyer l’invitation").click()
        expect(boss.get_by_text("L’invitation est en route.")).to_be_visible()
        look(boss, "first-invited")
        sent = re.search(r"http://\S+/invitation/\S+", letter_to(office, "camille@example.org"))
        camille = browser()
        come_in(camille, sent.group(), name="Camille Roux", password=TABLE)
        camille.get_by_role("button", name="Créer de nouveaux codes").click()
        camille.get_by_role("link", name="Je les ai gardés").click()
        expect(camille.get_by_role("heading", level=1)).to_have_text("File des dossiers")
        look(camille, "first-queue")
