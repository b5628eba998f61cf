"""The session cookie: a browser keeps it and cannot read it."""

import base64
import re

from cyberdesk.core.crypto import vault
from cyberdesk.core.crypto.keyring import Keyring
from tests.factories import make_person, sign_in


def shown(client):
    """All that can be read out of the cookie without our keys: as it is, and decoded."""
    raw = client.get_cookie("session").value
    parts = [raw, *re.split(r"[.]", raw)]
    decoded = [base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)) for part in parts[1:]]
    return raw.encode() + b"".join(decoded)


def test_nothing_in_it_can_be_read(client, database):
    with client.session_transaction() as session:
        session["codes"] = {"CD-7K4-92M": "1234567890"}
    assert b"1234567890" not in shown(client)
    assert b"7K4" not in shown(client)
    with client.session_transaction() as session:
        assert session["codes"] == {"CD-7K4-92M": "1234567890"}


def test_one_of_another_house_or_forged_is_nobodys(client, database):
    sign_in(client, make_person("member"))
    assert client.get("/compte").status_code == 200
    vault.use(Keyring.generate())
    assert client.get("/compte").status_code == 302
    client.set_cookie("session", "eyJfZnJlc2giOnRydWV9.aZxQ.not-ours")
    assert client.get("/compte").status_code == 302
