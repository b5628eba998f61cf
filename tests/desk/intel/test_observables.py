"""Observables of a case: kept sealed, once each, changed, retracted, found again within reach."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError

from cyberdesk.core import clock
from cyberdesk.core.audit.models import AuditEntry
from cyberdesk.core.crypto import vault
from cyberdesk.core.crypto.keyring import Keyring
from cyberdesk.core.db import atomic, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases.models import Case, CaseEvent
from cyberdesk.desk.intel import service
from cyberdesk.desk.intel.marking import Tlp
from cyberdesk.desk.intel.models import StixObject
from tests.desk.intel.conftest import PASTED, add, at, values

MONDAY = datetime(2026, 11, 23, 6, 43, tzinfo=UTC)
VALUES = [value.text for value in values()]


def held(case_id):
    with atomic(SYSTEM):
        rows = session().scalars(select(StixObject).where(StixObject.case_id == case_id)).all()
        return {row.value.text: row for row in rows if not row.is_indicator}


def act(actor, object_id, what, **given):
    with atomic(actor.scope):
        return what(actor, service.access_object(actor, object_id), **given)


def test_what_is_pasted_is_kept_with_who_when_and_how_it_may_travel(world, case_id):
    with clock.using(clock.still(MONDAY)):
        add(world.responder, case_id, note=" vu au poste 3 ", source="message")
    rows = held(case_id)
    assert list(rows) == VALUES
    row = rows["185.199.108.153"]
    assert (row.type, row.sort, row.marking) == ("ipv4-addr", "ipv4", "amber")
    assert (row.added_at, row.added_by_name, row.source) == (MONDAY, "Camille Roux", "message")
    with atomic(SYSTEM):
        assert row.note == "vu au poste 3"
        assert row.content["objects"][0]["value"] == "185.199.108.153"
    assert rows["10.20.30.40"].marking == "amber+strict"


def test_nothing_of_a_value_lies_open_in_the_database(world, case_id):
    ids = add(world.responder, case_id, note="poste de la trésorière")
    act(world.responder, ids["185.199.108.153"], service.make_indicator)
    with atomic(SYSTEM) as s:
        stix_ids = [row.content["objects"][0]["id"] for row in s.scalars(select(StixObject))]
        tables = ("stix_objects", "case_events", "audit_entries", "cases")
        dump = " ".join(
            str(line)
            for table in tables
            for line in s.execute(text(f"SELECT t::text FROM {table} t"))
        )
    open_parts = [*VALUES, *stix_ids, "trésorière", "faux-tresor", "paiement-mairie"]
    assert [part for part in open_parts if part in dump] == []
    hexed = [part for part in open_parts if part.encode().hex() in dump]
    assert hexed == []


def test_a_value_stands_once_in_a_case_however_it_is_typed(world, case_id):
    add(world.responder, case_id, "bad.fr\nFacture.ZIP")
    with at(world.second, case_id) as case:
        again = service.add_observables(world.second, case, values("BAD[.]fr\nfacture.zip\nnew.fr"))
        assert [row.value.text for row in again.new] == ["new.fr"]
        assert {row.value.text for row in again.known} == {"bad.fr", "Facture.ZIP"}
    assert len(held(case_id)) == 3


def test_the_timeline_says_how_many_and_never_which(world, case_id):
    add(world.responder, case_id)
    with atomic(SYSTEM):
        line = (
            session().scalars(select(CaseEvent).where(CaseEvent.kind == "observable:added")).one()
        )
        assert (line.facts, line.desk_only, line.words) == ({"count": 7}, True, "")


def test_the_journal_tells_of_it_sealed(world, case_id):
    add(world.responder, case_id)
    with atomic(SYSTEM):
        entry = (
            session().scalars(select(AuditEntry).where(AuditEntry.action == "observable:add")).one()
        )
        assert entry.case_id == case_id
        assert entry.key_id is not None


@pytest.mark.parametrize(
    "given",
    [
        {"note": "x" * 2001},
        {"source": "rumour"},
        {"seen_at": datetime(2999, 1, 1, tzinfo=UTC)},
    ],
)
def test_what_is_wrong_keeps_nothing(world, case_id, given):
    with pytest.raises(InvalidError) as refused:
        add(world.responder, case_id, **given)
    assert list(refused.value.fields) == list(given)
    assert held(case_id) == {}


def test_a_case_is_no_feed(world, case_id, monkeypatch):
    monkeypatch.setattr("cyberdesk.desk.intel.service.adding.MOST_IN_A_CASE", 8)
    add(world.responder, case_id)
    with pytest.raises(InvalidError):
        add(world.responder, case_id, "un.fr\ndeux.fr")
    assert len(held(case_id)) == 7


def test_note_and_marking_are_changed(world, case_id):
    ids = add(world.responder, case_id, "bad.fr")
    act(world.second, ids["bad.fr"], service.change, note="nom du faux site", marking=Tlp.GREEN)
    row = held(case_id)["bad.fr"]
    with atomic(SYSTEM):
        assert (row.marking, row.note) == ("green", "nom du faux site")
    act(world.second, ids["bad.fr"], service.change, note="")
    with atomic(SYSTEM):
        assert (held(case_id)["bad.fr"].note, held(case_id)["bad.fr"].marking) == ("", "green")


def test_retracted_it_stays_with_its_reason_and_may_count_again(world, case_id):
    ids = add(world.responder, case_id, "bad.fr")
    with pytest.raises(InvalidError):
        act(world.responder, ids["bad.fr"], service.retract, reason=" ")
    act(world.responder, ids["bad.fr"], service.retract, reason="serveur de la mairie")
    row = held(case_id)["bad.fr"]
    with atomic(SYSTEM):
        assert (row.reason, row.retracted_by) == ("serveur de la mairie", "Camille Roux")
    with pytest.raises(ConflictError):
        act(world.second, ids["bad.fr"], service.retract, reason="encore")
    act(world.second, ids["bad.fr"], service.restore)
    assert held(case_id)["bad.fr"].retracted_at is None
    with pytest.raises(ConflictError):
        act(world.second, ids["bad.fr"], service.restore)


def test_the_database_lets_nobody_delete_one(world, case_id):
    add(world.responder, case_id, "bad.fr")
    with pytest.raises(ProgrammingError, match="permission denied"), atomic(SYSTEM) as s:
        s.delete(s.scalars(select(StixObject)).one())
        s.flush()


def test_an_indicator_is_made_once_and_follows_its_marking(world, case_id):
    ids = add(world.responder, case_id, "bad.fr", marking=Tlp.GREEN)
    made = act(world.responder, ids["bad.fr"], service.make_indicator)
    with atomic(SYSTEM):
        stix = made.content["objects"][0]
        assert stix["pattern"] == "[domain-name:value = 'bad.fr']"
        assert stix["object_marking_refs"] == [
            "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"
        ]
        assert stix["name"] == "bad[.]fr"
    with pytest.raises(ConflictError):
        act(world.second, ids["bad.fr"], service.make_indicator)
    with pytest.raises(ConflictError):
        act(world.second, made.id, service.make_indicator)
    changed = act(world.second, made.id, service.change, marking=Tlp.AMBER)
    with atomic(SYSTEM):
        after = changed.content["objects"][0]
        assert after["object_marking_refs"] == [
            "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421"
        ]
        assert after["modified"] > after["created"]
        assert (after["id"], after["pattern"]) == (stix["id"], stix["pattern"])


def test_no_indicator_of_what_does_not_count(world, case_id):
    ids = add(world.responder, case_id, "bad.fr")
    act(world.responder, ids["bad.fr"], service.retract, reason="non")
    with pytest.raises(ConflictError):
        act(world.responder, ids["bad.fr"], service.make_indicator)


def elsewhere(actor, case_id):
    with at(actor, case_id) as case:
        found = service.elsewhere(actor, case, values())
        return {value.text: [other.id for other in others] for value, others in found.items()}


def test_the_same_value_is_found_in_other_cases_of_the_desk(world, case_id):
    other = world.open_case(world.south)
    add(world.responder, case_id)
    add(world.second, other, "FAUX-TRESOR.fr\ncontact@faux-tresor.fr\n185.199.108[.]153")
    assert elsewhere(world.responder, case_id) == {
        "contact@faux-tresor.fr": [other],
        "185.199.108.153": [other],
    }
    ids = {row.value.text: row.id for row in held(other).values()}
    act(world.second, ids["185.199.108.153"], service.retract, reason="non")
    assert list(elsewhere(world.responder, case_id)) == ["contact@faux-tresor.fr"]


def test_it_is_found_under_an_older_pepper_too(world, case_id, monkeypatch):
    other = world.open_case(world.south)
    add(world.responder, other, "bad.fr")
    ring = vault.keyring()
    renewed = Keyring(ring.wrapping, ring.peppers.renewed())
    vault.use(renewed)
    add(world.responder, case_id, "bad.fr")
    with at(world.responder, case_id) as case:
        assert list(service.elsewhere(world.responder, case, values("bad.fr")).values())


def test_cases_of_another_desk_are_never_part_of_it(world, case_id):
    campus = world.open_case(world.south, strand="campus", kind="incident")
    add(world.stranger, campus, "bad.fr\n185.199.108.153")
    add(world.responder, case_id)
    assert elsewhere(world.responder, case_id) == {}
    with at(world.stranger, campus) as case:
        assert service.elsewhere(world.stranger, case, values()) == {}


@pytest.mark.parametrize("who", ["member", "mayor", "southerner", "stranger", "admin", "auditor"])
def test_nobody_outside_the_desk_sees_or_changes_one(world, case_id, who):
    ids, actor = add(world.responder, case_id), getattr(world, who)
    with atomic(actor.scope):
        assert session().scalars(select(StixObject)).all() == []
        with pytest.raises(NotFoundError):
            service.access_object(actor, ids["10.20.30.40"])
    with atomic(SYSTEM):
        case, row = (
            session().get_one(Case, case_id),
            session().get_one(StixObject, ids["10.20.30.40"]),
        )
        for refused in (
            lambda: service.add_observables(actor, case, values("x.fr")),
            lambda: service.objects_of(actor, case),
            lambda: service.change(actor, row, note="x"),
            lambda: service.retract(actor, row, reason="x"),
            lambda: service.make_indicator(actor, row),
            lambda: service.export_case(actor, case, tlp=Tlp.RED),
        ):
            with pytest.raises(ForbiddenError):
                refused()


def test_a_private_link_and_a_provider_see_none(world, case_id):
    add(world.responder, case_id)
    for actor in (world.link_to(case_id), world.provider_of(case_id)):
        with atomic(actor.scope):
            assert session().scalars(select(StixObject)).all() == []


def test_reading_one_leaves_the_trace_that_reading_its_case_leaves(world, case_id):
    ids = add(world.responder, case_id)
    act(world.lead, ids["10.20.30.40"], lambda _actor, found: found)
    with atomic(SYSTEM):
        reads = select(AuditEntry.actor_id).where(AuditEntry.action == "case:read")
        assert world.lead.id in session().scalars(reads).all()


def test_once_the_key_of_the_case_is_destroyed_nothing_is_left_to_read(world, case_id):
    add(world.responder, case_id)
    with atomic(SYSTEM):
        vault.shred(session().get_one(Case, case_id).key_id)
    with at(world.responder, case_id) as case:
        rows = service.objects_of(world.responder, case)
        assert {row.value.text for row in rows} == {""}
        with pytest.raises(ConflictError, match="effacé"):
            service.export_case(world.responder, case, tlp=Tlp.RED)


def test_a_closed_case_still_takes_what_is_found_late(world, case_id):
    from tests.desk.cases.conftest import ending

    with at(world.responder, case_id) as case:
        cases.close_case(world.responder, case, **ending())
    assert add(world.responder, case_id, "bad.fr")


def test_five_hundred_at_once_take_seconds_at_most(world, case_id):
    import time

    pasted = "\n".join(f"x{n}.bad.fr" for n in range(500))
    add(world.responder, case_id, PASTED)  # the library is imported
    begun = time.monotonic()
    add(world.responder, case_id, pasted)
    assert time.monotonic() - begun < 6
    assert len(held(case_id)) == 507


def test_a_day_before_is_a_day_when_it_was_seen(world, case_id):
    before = clock.now() - timedelta(days=1)
    add(world.responder, case_id, "bad.fr", seen_at=before)
    assert held(case_id)["bad.fr"].seen_at == before
