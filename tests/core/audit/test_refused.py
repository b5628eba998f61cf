"""Whoever is known and tries what is not theirs leaves a trace, and cannot fill the journal."""

import json
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import select

from cyberdesk.core import clock
from cyberdesk.core.audit import refused
from cyberdesk.core.audit.models import AuditEntry, RefusedAct
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from tests.factories import make_person, sign_in


def traces():
    with atomic(SYSTEM) as session:
        found = session.scalars(select(AuditEntry).filter_by(action="access:refuse"))
        return [(one.actor_name, json.loads(one.payload)) for one in found]


def counts():
    with atomic(SYSTEM) as session:
        found = session.scalars(select(RefusedAct).order_by(RefusedAct.endpoint))
        return {one.endpoint: one.times for one in found}


def test_a_door_that_is_not_theirs_is_an_entry_once_an_hour_and_a_count(client):
    sign_in(client, make_person("member", name="Nora"))
    for _again in range(3):
        assert client.get("/administration/personnes").status_code == 403
    assert traces() == [("Nora", {"endpoint": "people.index", "status": 403})]
    assert counts() == {"people.index": 3}
    with atomic(SYSTEM):
        assert refused.within_the_hour() == 3
    with clock.using(clock.still(clock.now() + timedelta(hours=1))):
        assert client.get("/administration/personnes").status_code == 403
    assert len(traces()) == 2


def test_a_guessed_object_leaves_one_too_and_a_slip_of_the_keyboard_none(client):
    sign_in(client, make_person("responder", name="Nora"))
    assert client.get("/desk/cases/CD-000-000").status_code == 404
    assert client.get(f"/desk/clocks/{uuid4()}").status_code == 404
    assert client.get("/desk/nowhere").status_code == 404
    assert client.get("/desk").status_code == 200
    assert {told["status"] for _who, told in traces()} == {404}
    assert "nowhere" not in str(traces())
    assert len(traces()) == len(counts()) > 0


def test_what_was_tried_is_rolled_back_and_its_trace_is_not(client):
    person = sign_in(client, make_person("member", name="Nora"))
    refused_form = person.post("/compte/profil", data={"name": "Eve"})  # no CSRF token
    assert refused_form.status_code == 400
    assert traces() == [("Nora", {"endpoint": "account.profile", "status": 400})]
    with atomic(SYSTEM) as session:
        assert "account:change" not in session.scalars(select(AuditEntry.action)).all()


def test_strangers_write_no_row(client):
    for _again in range(3):
        assert client.get("/d/unknown-token").status_code in {302, 303, 404}
        assert client.post("/connexion").status_code == 400
    assert traces() == []
    assert counts() == {}
    shown = client.get("/metrics", environ_base={"REMOTE_ADDR": "127.0.0.1"}).text
    assert 'request_seconds_count{endpoint="security.login",method="POST",status="400"}' in shown


def test_old_counts_go_and_entries_stay(client):
    sign_in(client, make_person("member"))
    client.get("/administration/personnes")
    with clock.using(clock.still(clock.now() + timedelta(days=31))):
        assert refused.forget() == 1
    assert counts() == {}
    assert len(traces()) == 1
