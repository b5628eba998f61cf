"""The house signs what it publishes, knows who else does, and says what a signature is worth."""

import json

import pytest
from sqlalchemy import update

from cyberdesk.core import clock
from cyberdesk.core.crypto.jose import PrivateKey
from cyberdesk.core.db import atomic, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.errors import ForbiddenError, InvalidError
from cyberdesk.core.text import speaking
from cyberdesk.desk.playbooks import drafts, publishers, versions
from cyberdesk.desk.playbooks.exchange.signing import Pen, sign
from cyberdesk.desk.playbooks.models import PlaybookVersion
from cyberdesk.desk.playbooks.shown.signatures import shown
from cyberdesk.desk.playbooks.signee import signee
from tests.desk.cases.conftest import HOUSE
from tests.desk.playbooks.conftest import words
from tests.desk.playbooks.test_foreign import GET, U, cacao
from tests.desk.playbooks.written import playbook

D = "a: {task: {fr: Faire, en: Do}, who: responder}"


def said(version: PlaybookVersion) -> list[str]:
    with speaking("en"):
        return [str(line.text) for line in shown(publishers.checked(version))]


def ours() -> str:
    return f"Signed by {signee()} (known key)"


def foreign(*pens: Pen) -> dict:
    made = cacao(commands=[GET], targets=[f"http-api--{U(4)}"])
    made["target_definitions"] = {
        f"http-api--{U(4)}": {"type": "http-api", "name": "E", "address": {"dname": ["e.example"]}}
    }
    return made | {"signatures": [sign(made, pen) for pen in pens]} if pens else made


def published(made: dict) -> PlaybookVersion:
    return drafts.publish_draft(HOUSE, drafts.import_file(HOUSE, content=json.dumps(made).encode()))


def test_what_is_published_here_bears_our_signature_and_keeps_its_hash(bench) -> None:
    with atomic(SYSTEM):
        version = versions.publish(HOUSE, source=playbook(D))
        assert said(version) == [ours()]
        assert versions.publish(HOUSE, source=playbook(D)).hash == version.hash


def test_a_renewed_key_signs_from_then_on_and_the_old_one_stays_known(bench) -> None:
    with atomic(SYSTEM):
        before = versions.publish(HOUSE, source=playbook(D))
        old, new = publishers.publishers(HOUSE)[0], publishers.renew(HOUSE)
        after = versions.publish(HOUSE, source=playbook(D + "\nb: {wait: 1h}"))
        assert old.public_key != new.public_key
        assert (old.private, bool(new.private)) == ("", True)
        assert said(before) == said(after) == [ours()]


def test_a_foreign_signature_is_shown_for_what_it_is_worth(bench) -> None:
    key = PrivateKey.generate()
    with atomic(SYSTEM):
        version = published(foreign(Pen(key, "CERT-Exemple", clock.now())))
        theirs, own = said(version)
        assert theirs == "Signed by “CERT-Exemple”, key unknown here"
        assert own == ours()
        row = publishers.trust(HOUSE, name="CERT-Exemple", pem=key.public.pem)
        assert said(version)[0] == "Signed by CERT-Exemple (known key)"
        publishers.distrust(HOUSE, row)
        assert said(version)[0] == theirs


def test_what_is_changed_behind_our_back_is_said(bench) -> None:
    with atomic(SYSTEM):
        version = versions.publish(HOUSE, source=playbook(D))
        session().execute(update(PlaybookVersion).values(cacao={**version.cacao, "name": "Other"}))
        session().refresh(version)
        [line] = said(version)
        assert "broken: the playbook was changed after it was signed" in line


def test_what_nobody_has_signed_yet_is_signed_at_the_next_start(bench) -> None:
    with atomic(SYSTEM):
        version = versions.publish(HOUSE, source=playbook(D))
        session().execute(update(PlaybookVersion).values(signatures=[]))
        session().refresh(version)
        assert said(version) == ["Signed by nobody"]
        assert publishers.sign_unsigned() == 1
        assert said(version) == [ours()]


def test_keys_are_for_administrators_and_must_be_keys(bench) -> None:
    with atomic(SYSTEM):
        with pytest.raises(ForbiddenError):
            publishers.trust(bench.world.lead, name="x", pem="y")
        with pytest.raises(InvalidError):
            publishers.trust(HOUSE, name="x", pem="no key")
        versions.publish(HOUSE, source=playbook(D))
        with pytest.raises(InvalidError):
            publishers.distrust(HOUSE, publishers.publishers(HOUSE)[0])


# -- the page


WHERE = "/desk/playbook-publishers"


def test_an_administrator_trusts_a_key_and_trusts_it_no_more(bench, browser) -> None:
    them = PrivateKey.generate()
    made = foreign(Pen(them, "CSIRT Nord", clock.now()))
    with atomic(SYSTEM):
        version = published(made)
        assert said(version)[0] == "Signed by “CSIRT Nord”, key unknown here"
    admin = browser("admin")
    done = admin.submit(f"{WHERE}/trust", {"name": "CSIRT Nord", "pem": them.public.pem})
    assert (done.status_code, done.location) == (303, WHERE)
    with atomic(SYSTEM):
        assert said(version)[0] == "Signed by CSIRT Nord (known key)"
        (row,) = [one for one in publishers.publishers(HOUSE) if not one.ours]
    page = words(admin.get(WHERE))
    assert them.public.thumbprint in page
    assert admin.get(f"{WHERE}/{row.id}/key.pem").get_data(as_text=True) == them.public.pem
    assert admin.submit(f"{WHERE}/{row.id}/distrust", {}).status_code == 303
    with atomic(SYSTEM):
        assert said(version)[0] == "Signed by “CSIRT Nord”, key unknown here"


def test_what_is_no_key_is_refused_with_what_was_typed(browser) -> None:
    page = browser("admin").submit(f"{WHERE}/trust", {"name": "CSIRT Nord", "pem": "-----BEGIN"})
    assert page.status_code == 422
    assert "CSIRT Nord" in page.get_data(as_text=True)


def test_an_administrator_renews_our_key(bench, browser) -> None:
    with atomic(SYSTEM):
        versions.publish(HOUSE, source=playbook(D))
        before = {one.id for one in publishers.publishers(HOUSE)}
    assert browser("admin").submit(f"{WHERE}/renew", {}).status_code == 303
    with atomic(SYSTEM):
        now = publishers.publishers(HOUSE)
    assert len(now) == 2
    assert now[0].id not in before
    assert browser("admin").submit(f"{WHERE}/{now[0].id}/distrust", {}).status_code == 422


def test_a_lead_reads_the_keys_and_changes_none(bench, browser) -> None:
    with atomic(SYSTEM):
        versions.publish(HOUSE, source=playbook(D))
    lead = browser("lead")
    assert signee() in words(lead.get(WHERE))
    assert lead.get(f"{WHERE}/trust").status_code == 403
    assert lead.submit(f"{WHERE}/renew", {}).status_code == 403
    assert browser("responder").get(WHERE).status_code == 403
