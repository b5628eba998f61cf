"""For every table: the application's role neither reads nor writes what is somebody else's."""

import json
from collections.abc import Iterator
from uuid import UUID

import pytest
from sqlalchemy import Uuid, text
from sqlalchemy.exc import DBAPIError

from cyberdesk.core.access import system
from cyberdesk.core.db import Scope, atomic, session
from cyberdesk.core.db.base import Base
from cyberdesk.core.db.engine import owner_engine
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.ids import new_id
from cyberdesk.desk.cases.models import Case
from cyberdesk.rooms import open_rooms
from cyberdesk.strands.cyber.facts import load_facts
from cyberdesk.strands.cyber.service.correcting import correct
from tests.truth import world as worlds

open_rooms()  # else the tables would be those that other tests happened to bring along
TABLES = sorted(table.name for table in Base.metadata.sorted_tables)
# Columns that say whose a row is, and what of north they name.
OWNED = {
    "case_id": "case",
    "declaration_id": "declaration",
    "person_id": "somebody",
    "organisation_id": "organisation",
    "other_id": "case",
}
# Rows that everybody reads, or adds, with the reason (see also tests/house/test_tables.py).
READ = {"data_keys", "kept_forms", "organisations", "outbox", "paces", "playbook_versions"}
ADDED = {
    "audit_entries": "an act about no case is written by whoever does it, and seen by the house",
    "audit_pending": "by the trigger of an entry; nobody else has the right",
    "data_keys": "whoever writes something new makes its key",
    "kept_forms": "with the declaration that answers it",
    "letters": "a letter about no case is written by whoever causes it, and seen by the house",
    "outbox": "whoever changes something has what follows delivered",
    "paces": "counted for everybody",
}
CHANGED = {"paces": "counted for everybody, and forgotten"}


@pytest.fixture(scope="module")
def world(schema: str, tmp_path_factory) -> Iterator[worlds.World]:
    with worlds.standing(schema, tmp_path_factory.mktemp("files")) as built:
        with atomic(SYSTEM) as s:
            case = s.get_one(Case, built.held["north"]["case"])
            fact = next(one for one in load_facts().values() if one.is_open_to_correction)
            correct(system("truth"), case, fact=fact.name, said=fact.answers[-1], reason="seen")
        yield built


@pytest.fixture(scope="module")
def north(world, schema) -> dict[str, UUID]:
    engine = owner_engine(schema)
    with engine.connect() as connection:
        found = connection.execute(
            text("SELECT declaration_id FROM cases WHERE id = :id"),
            {"id": world.held["north"]["case"]},
        )
        declaration = found.scalar_one()
    engine.dispose()
    return world.held["north"] | {"declaration": declaration, "somebody": world.people["mayor"].id}


@pytest.fixture(scope="module")
def strangers(world) -> dict[str, Scope]:
    """Everybody for whom north is somebody else's."""
    south = world.held["south"]
    return {
        "nobody": Scope(),
        "a person": Scope(person=world.people["trainer"].id),
        "another commune": Scope(
            person=world.people["neighbour"].id,
            organisations=frozenset({south["organisation"]}),
        ),
        "a link of another case": Scope(cases=frozenset({south["case"]})),
        "a draft": Scope(declarations=frozenset({new_id()})),
        "another strand": Scope(person=world.people["campus-lead"].id, desks=frozenset({"campus"})),
        "every desk but none of a case": Scope(desks=frozenset({"*", "", "campus"})),
    }


def columns(name: str) -> set[str]:
    return set(Base.metadata.tables[name].columns.keys())


def of_north(name: str, north: dict[str, UUID]) -> tuple[str, dict[str, UUID]] | None:
    """The condition that finds rows of north in a table, None where rows are nobody's."""
    if name == "cases":
        return "id = :case", {"case": north["case"]}
    if name == "declarations":
        return "id = :declaration", {"declaration": north["declaration"]}
    if name == "people":
        return "id = :somebody", {"somebody": north["somebody"]}
    held = sorted(OWNED.keys() & columns(name))
    parts = [f"{column} = :{OWNED[column]}" for column in held]
    return (" OR ".join(parts), {OWNED[c]: north[OWNED[c]] for c in held}) if parts else None


def refused(statement: str, values: dict) -> int | str:
    """How many rows `statement` reaches, or why it may not."""
    point = session().begin_nested()
    try:
        return session().execute(text(statement), values).rowcount
    except DBAPIError as error:
        return str(error.orig).split("\n", 1)[0]
    finally:
        point.rollback()


@pytest.mark.parametrize("name", TABLES)
def test_nobody_reads_the_rows_of_another(name, north, strangers):
    condition = of_north(name, north)
    where, values = condition or ("true", {})
    for who, scope in strangers.items():
        with atomic(scope):
            seen = session().execute(text(f'SELECT count(*) FROM "{name}" WHERE {where}'), values)
            if name not in READ:
                assert seen.scalar_one() == 0, (name, who)


@pytest.mark.parametrize("name", TABLES)
def test_nobody_changes_the_rows_of_another(name, north, strangers):
    condition = of_north(name, north)
    where, values = condition or ("true", {})
    column = min(columns(name))
    for who, scope in strangers.items():
        with atomic(scope):
            for act in (f'UPDATE "{name}" SET "{column}" = "{column}"', f'DELETE FROM "{name}"'):
                found = refused(f"{act} WHERE {where}", values)
                if name not in CHANGED:
                    assert found == 0 or "permission denied" in str(found), (name, who, act, found)


@pytest.mark.parametrize("name", TABLES)
def test_nobody_adds_a_row_for_another(name, north, strangers):
    """The check of the row comes before those of its columns, so that bare rows will do."""
    row = {column: str(north[thing]) for column, thing in OWNED.items() if column in columns(name)}
    key = Base.metadata.tables[name].columns.get("id")
    row |= {"id": str(new_id())} if key is not None and isinstance(key.type, Uuid) else {}
    if name == "cases":
        row |= {"strand": "cyber", "organisation_id": str(north["organisation"])}
    statement = f'INSERT INTO "{name}" SELECT * FROM jsonb_populate_record(NULL::"{name}", :row)'
    for who, scope in strangers.items():
        with atomic(scope):
            found = str(refused(statement, {"row": json.dumps(row)}))
            stopped = "row-level security" in found or "permission denied" in found
            if name not in ADDED or "case_id" in row:
                assert stopped, (name, who, found)


def test_what_is_there_is_looked_at(north, schema):
    """The tests above would be empty words about tables without a row of north."""
    engine = owner_engine(schema)
    bare = set()
    with engine.connect() as connection:
        for name in TABLES:
            where, values = of_north(name, north) or ("true", {})
            count = f'SELECT count(*) FROM "{name}" WHERE {where}'
            if not connection.execute(text(count), values).scalar_one():
                bare.add(name)
    engine.dispose()
    # Rare rows: emergency openings, passkeys, endings, what the engine and the journal keep.
    assert bare <= {
        "arrivals",
        "audit_checkpoints",
        "audit_leaves",
        "audit_verdicts",
        "refused_acts",
        "audit_tree",
        "api_tokens",
        "sweeper_beats",
        "case_endings",
        "case_glass_breaks",
        "case_readings",
        "connector_setups",
        "credentials",
        "paces",
        "passkeys",
        "playbook_effects",
        "playbook_inbox",
        "playbook_secrets",
        "playbook_steps",
        "saved_views",
        "sign_ins",
        "stored_answers",
    }, bare


@pytest.mark.parametrize(
    "statement",
    [
        "SET session_replication_role = replica",
        "ALTER TABLE cases DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE cases NO FORCE ROW LEVEL SECURITY",
        "ALTER TABLE audit_entries DISABLE TRIGGER ALL",
        "DROP TRIGGER append_only ON audit_entries",
        "DROP POLICY reach ON cases",
        "CREATE POLICY mine ON cases USING (true)",
        "CREATE TABLE mine (id int)",
        "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "ALTER ROLE cyberdesk_app BYPASSRLS",
        "CREATE ROLE other SUPERUSER",
        "TRUNCATE cases",
        "TRUNCATE audit_entries",
        "COPY cases TO PROGRAM 'true'",
        "SELECT pg_read_file('/etc/passwd')",
    ],
)
def test_the_application_loosens_nothing(world, statement):
    with atomic():
        found = refused(statement, {})
    assert any(word in str(found) for word in ("permission denied", "must be owner")), found


def test_its_role_owns_nothing_and_cannot_bypass(world):
    with atomic():
        role = session().execute(
            text(
                "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolcanlogin "
                "FROM pg_roles WHERE rolname = current_user"
            )
        )
        owned = session().execute(
            text("SELECT relname FROM pg_class WHERE pg_get_userbyid(relowner) = current_user")
        )
        assert not any(role.one())
        assert owned.all() == []


def test_every_table_is_forced(world):
    with atomic():
        found = session().execute(
            text(
                "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') "
                "AND relnamespace = 'public'::regnamespace "
                "AND NOT (relrowsecurity AND relforcerowsecurity)"
            )
        )
        assert found.all() == []


def test_a_setting_of_another_transaction_is_gone(world, north):
    for _ in range(4):  # of each connection of the pool
        with atomic(Scope(cases=frozenset({north["case"]}))):
            assert session().execute(text("SELECT count(*) FROM cases")).scalar_one() == 1
        with atomic():
            assert session().execute(text("SELECT count(*) FROM cases")).scalar_one() == 0
