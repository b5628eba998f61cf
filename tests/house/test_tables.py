"""Every table says who sees its rows, and few are open to everybody."""

from cyberdesk.core.db.base import Base
from cyberdesk.core.db.rls import added_by_all, open_to_all, read_by_all

# C0 and C1 without a tenant (trust.md), seen by everybody. A new one needs a reason.
OPEN = {
    "data_keys": "wrapped by the keyring; whoever may see a row opens it with its key",
    "kept_forms": "questionnaires as they were published",
    "organisations": "public facts: names and codes",
    "outbox": "ids only, for the delivery of any transaction",
    "paces": "peppered hashes of networks, to slow them down",
    "sweeper_beats": "times and counts of the house's own sweeps",
    "playbook_versions": "playbooks as they were published",
}


def mapped():
    return {mapper.local_table.name: mapper.class_ for mapper in Base.registry.mappers}


def seen_by_all(model):
    return model.__policy__ in {open_to_all(), read_by_all(), added_by_all()}


def test_every_table_has_a_policy(app):
    assert [name for name, model in mapped().items() if not hasattr(model, "__policy__")] == []


def test_few_tables_are_open_to_everybody(app):
    found = {name for name, model in mapped().items() if seen_by_all(model)}
    assert found <= set(OPEN), "name the table in OPEN with its reason, or give it a policy"


def test_what_belongs_to_a_case_or_a_person_is_never_open(app):
    for name, model in mapped().items():
        owned = {"case_id", "declaration_id", "person_id"} & set(model.__table__.columns.keys())
        assert not owned or not seen_by_all(model), name
