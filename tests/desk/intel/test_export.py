"""The bundle of a case: valid to strict eyes, the same each time, and silent about the victim."""

import json
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from stix2validator import ValidationOptions, validate_instance

from cyberdesk.core import clock
from cyberdesk.core.audit.models import AuditEntry
from cyberdesk.core.db import atomic, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.errors import ForbiddenError, InvalidError
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.intel import service
from cyberdesk.desk.intel.export import REASONS
from cyberdesk.desk.intel.export.classes import INCIDENT_CORE
from cyberdesk.desk.intel.marking import LEVELS, Tlp
from cyberdesk.desk.tasks import service as tasks
from tests.desk.cases.conftest import ending
from tests.desk.intel.conftest import PASTED, add, at

SCHEMAS = Path(__file__).parent / "schemas"
MONDAY = datetime(2026, 11, 23, 6, 43, tzinfo=UTC)
OUTSIDE = [Tlp.CLEAR, Tlp.GREEN, Tlp.AMBER]
TITLE = {"fr": "Rappeler la mairie", "en": "Call the town back"}
INSIDE = [Tlp.AMBER_STRICT, Tlp.RED]
# What names or tells of the victim of these tests, and what people wrote.
TELLING = ["Saint-Exemple", "SAINT-EXEMPLE", "trésorière", "pièce jointe", "Un courriel piégé",
           "Deux jours sans état civil", "10.20.30.40", "réseau entier", "Rappeler la mairie"]  # fmt: skip


def export(actor, case_id, tlp=Tlp.RED, **given):
    with at(actor, case_id) as case:
        return service.export_case(actor, case, tlp=tlp, **given)


def wrong_with(text):
    """What stix2-validator says, warnings being errors, the extensions held to their schemas.

    Two checks are left out: 101 wants `x-` before types that OASIS itself has named `event`,
    `impact` and `task`, and 202 knows no relationship of Incident Core (`incident targets`).
    """
    options = ValidationOptions(
        version="2.1", strict=True, silent=True, disabled="101,202", schema_dir=str(SCHEMAS)
    )
    result = validate_instance(json.loads(text), options)
    return [str(error) for error in result.errors]


def one(bundle, kind):
    (found,) = [obj for obj in bundle.objects if obj["type"] == kind]
    return found


def every(bundle, kind):
    return [obj for obj in bundle.objects if obj["type"] == kind]


def core_of(bundle):
    return one(bundle, "incident")["extensions"][INCIDENT_CORE]


@pytest.fixture
def full(world, case_id):
    """A case that was worked on: observables, indicators, chronology, tasks, and its ending."""
    with clock.using(clock.still(MONDAY)):
        work_on(world, case_id)
    return case_id


def work_on(world, case_id):
    responder = world.responder
    ids = add(responder, case_id, PASTED, note="poste de la trésorière", marking=Tlp.GREEN)
    add(
        responder,
        case_id,
        "saint-exemple-impots.fr\ncompte: jdupont\no'brien@bad.fr",
        marking=Tlp.CLEAR,
    )
    with at(responder, case_id) as case:
        for text in ("185.199.108.153", "https://paiement-mairie.example/login", "10.20.30.40"):
            service.make_indicator(responder, service.access_object(responder, ids[text]))
        cases.take(responder, case)
        cases.chronicle(
            responder, case, at=MONDAY - timedelta(days=12), words="Un courriel piégé est ouvert."
        )
        task = tasks.open_task(
            responder, case, name="call", who="responder", title=TITLE, phase="qualify"
        )
        tasks.answer(responder, task, answer="done")
        tasks.open_task(responder, case, name="cut", who="commune", title=TITLE, phase="contain")
    with clock.using(clock.still(MONDAY + timedelta(days=2))), at(responder, case_id) as case:
        cases.close_case(
            responder,
            case,
            **ending(
                damages=[
                    "availability/significant-critical",
                    "integrity/partial-destruction",
                    "monetary/business-disruption",
                ]
            ),
        )


@pytest.mark.parametrize("tlp", Tlp)
def test_a_worked_case_is_valid_at_every_level(world, full, tlp):
    assert wrong_with(export(world.responder, full, tlp).text) == []


@pytest.mark.parametrize("tlp", [Tlp.CLEAR, Tlp.RED])
def test_an_empty_case_is_valid_too(world, case_id, tlp):
    made = export(world.responder, case_id, tlp)
    assert wrong_with(made.text) == []
    assert core_of(made)["investigation_status"] == "new"


def test_the_validator_would_see_a_fault(world, case_id):
    made = export(world.responder, case_id)
    del core_of(made)["determination"]
    one(made, "event")["status"] = "unsure"
    assert len(wrong_with(json.dumps(made.stix))) >= 2


def test_the_incident_says_what_it_was(world, full):
    made = export(world.responder, full)
    incident, core = one(made, "incident"), core_of(made)
    assert incident["name"] == "Rançongiciel"
    assert "Deux jours sans état civil." in incident["description"]
    assert core["determination"] == "confirmed"
    assert core["investigation_status"] == "closed"
    assert core["criticality"] == 74
    assert core["incident_types"] == ["ransomware"]
    assert len(core["events"]) == 2
    assert {impact["impact_category"] for impact in every(made, "impact")} == {
        "availability", "integrity", "monetary",
    }  # fmt: skip
    assert core["impact_refs"] == [impact["id"] for impact in every(made, "impact")]


def test_the_course_is_told_with_its_tasks(world, full):
    made = export(world.responder, full)
    chronicle = [event for event in every(made, "event") if event.get("description")]
    assert [event["description"] for event in chronicle] == ["Un courriel piégé est ouvert."]
    assert chronicle[0]["start_time"] == "2026-11-11T06:43:00Z"
    assert asked_in(made) == {
        "declared": ["successful"],
        "Rappeler la mairie": ["cancelled", "successful"],
    }


def test_what_is_still_asked_is_ongoing_until_the_case_closes(world, case_id):
    with clock.using(clock.still(MONDAY)), at(world.responder, case_id) as case:
        tasks.open_task(
            world.responder, case, name="cut", who="commune", title=TITLE, phase="contain"
        )
    assert asked_in(export(world.responder, case_id))["Rappeler la mairie"] == ["ongoing"]


def asked_in(bundle):
    """The outcomes of the bundle's tasks, sorted, by their name (or their type)."""
    told = defaultdict(list)
    for task in every(bundle, "task"):
        told[task.get("name", task["task_types"][0])].append(task["outcome"])
    return {name: sorted(outcomes) for name, outcomes in told.items()}


def test_a_false_alarm_weighs_nothing(world, case_id):
    given = ending(outcome="false-alarm", determination="false-positive", damages=[], causes=[])
    with at(world.responder, case_id) as case:
        cases.close_case(world.responder, case, **given)
    core = core_of(export(world.responder, case_id))
    assert (core["determination"], core["criticality"]) == ("false-positive", 0)


def test_an_indicator_is_based_on_data_and_sighted_at_the_victim(world, full):
    made = export(world.responder, full)
    victim = next(i for i in every(made, "identity") if i["name"] == "Saint-Exemple")
    by_id = {obj["id"]: obj for obj in made.objects}
    assert len(every(made, "indicator")) == len(every(made, "sighting")) == 3
    for sighting in every(made, "sighting"):
        assert sighting["where_sighted_refs"] == [victim["id"]]
        data = by_id[sighting["observed_data_refs"][0]]
        assert by_id[data["object_refs"][0]]["type"] in {"ipv4-addr", "url"}
    based = [r for r in every(made, "relationship") if r["relationship_type"] == "based-on"]
    assert {by_id[r["source_ref"]]["type"] for r in based} == {"indicator"}
    targets = [r for r in every(made, "relationship") if r["relationship_type"] == "targets"]
    assert [r["target_ref"] for r in targets] == [victim["id"]]


@pytest.mark.parametrize("tlp", Tlp)
def test_no_reference_points_into_the_void(world, full, tlp):
    made = export(world.responder, full, tlp)
    ids = {obj["id"] for obj in made.objects}
    assert len(ids) == len(made.objects)
    assert set(references(made.objects)) <= ids


def references(node):
    if isinstance(node, dict):
        for key, held in node.items():
            if key.endswith("_ref") and isinstance(held, str):
                yield held
            elif key.endswith("_refs"):
                yield from held
            else:
                yield from references(held)
    elif isinstance(node, list):
        for held in node:
            yield from references(held)


@pytest.mark.parametrize("tlp", Tlp)
def test_every_object_is_marked_and_none_beyond_the_level(world, full, tlp):
    made = export(world.responder, full, tlp)
    allowed = {LEVELS[level].stix_id for level in Tlp if tlp.allows(level)}
    for obj in made.objects:
        if obj["type"] not in {"marking-definition", "identity"} or obj.get("object_marking_refs"):
            marks = set(obj.get("object_marking_refs", ())) or {obj["id"]}
            assert marks <= allowed, obj["type"]
    authored = [o for o in made.objects if "created" in o and o["type"] != "marking-definition"]
    centre = every(made, "identity")[0]["id"]
    assert {o["created_by_ref"] for o in authored if o["id"] != centre} == {centre}


@pytest.mark.parametrize("tlp", OUTSIDE)
def test_nothing_that_leaves_tells_who_the_victim_is(world, full, tlp):
    made = export(world.responder, full, tlp)
    with atomic(SYSTEM):
        reference = cases.find_case(world.responder, full).reference
    for part in [*TELLING, reference, str(full), str(world.north)]:
        assert part not in made.text
    victim = [i["name"] for i in every(made, "identity")][1]
    assert victim == "Collectivité territoriale"


@pytest.mark.parametrize("tlp", INSIDE)
def test_inside_everything_is_told(world, full, tlp):
    made = export(world.responder, full, tlp)
    for part in ("Saint-Exemple", "trésorière", "Un courriel piégé", "10.20.30.40"):
        assert part in made.text
    assert [s.reason for s in made.stripped] == ["form"]  # o'brien@bad.fr


def test_what_stays_behind_is_listed_with_its_reason(world, full):
    made = export(world.responder, full, Tlp.GREEN)
    listed = {stripped.what: stripped.reason for stripped in made.stripped}
    assert listed["10[.]20[.]30[.]40"] == "inside"
    assert listed["jdupont"] == "inside"
    assert listed["saint-exemple-impots[.]fr"] == "victim"
    assert listed["o'brien[@]bad[.]fr"] == "form"
    assert listed["Saint-Exemple"] == "victim"
    assert listed["poste de la trésorière"] == "words"
    assert listed["Un courriel piégé est ouvert."] == "words"
    assert all(str(stripped.why) for stripped in made.stripped)
    assert set(listed.values()) <= set(REASONS)
    kept = {obj["value"] for obj in made.objects if "value" in obj}
    assert kept == {
        "185.199.108.153", "contact@faux-tresor.fr", "https://paiement-mairie.example/login",
    }  # fmt: skip


def test_markings_hold_back_and_what_is_retracted_never_leaves(world, case_id):
    ids = add(world.responder, case_id, "un.fr", marking=Tlp.RED)
    ids |= add(world.responder, case_id, "deux.fr\ntrois.fr", marking=Tlp.CLEAR)
    with at(world.responder, case_id):
        one_ = service.access_object(world.responder, ids["deux.fr"])
        service.make_indicator(world.responder, one_)
        service.retract(world.responder, one_, reason="à nous")
    made = export(world.responder, case_id, Tlp.AMBER)
    assert {o["value"] for o in made.objects if "value" in o} == {"trois.fr"}
    assert {(s.what, s.reason) for s in made.stripped} >= {
        ("un[.]fr", "marking"), ("deux[.]fr", "retracted"), ("deux[.]fr", "basis"),
    }  # fmt: skip
    assert "un.fr" in export(world.responder, case_id, Tlp.RED).text


def test_outside_times_are_told_by_the_day(world, full):
    made = export(world.responder, full, Tlp.GREEN)
    for obj in every(made, "event") + every(made, "task") + every(made, "impact"):
        assert obj["start_time"].endswith("T00:00:00Z")
        assert obj["start_time_fidelity"] == "day"
    assert all(o["first_observed"].endswith("T00:00:00Z") for o in every(made, "observed-data"))


def test_the_same_case_gives_the_same_bytes(world, full):
    first = export(world.responder, full, Tlp.AMBER)
    assert export(world.second, full, Tlp.AMBER).text == first.text
    assert json.loads(first.text)["id"] == first.stix["id"]
    with clock.using(clock.still(clock.now() + timedelta(days=1))):  # the case is of today
        add(world.responder, full, "neuf.fr", marking=Tlp.GREEN)
    after = export(world.responder, full, Tlp.AMBER)
    assert after.stix["id"] != first.stix["id"]
    assert one(after, "incident")["id"] == one(first, "incident")["id"]
    assert one(after, "incident")["modified"] > one(first, "incident")["modified"]


def test_two_exports_cannot_be_told_to_be_of_one_case(world, full):
    """Only values, indicators, markings and the author are the same at two levels."""
    green, amber = (export(world.responder, full, level) for level in (Tlp.GREEN, Tlp.AMBER))
    shared = {o["id"] for o in green.objects} & {o["id"] for o in amber.objects}
    kinds = {id_.partition("--")[0] for id_ in shared}
    assert kinds <= {"indicator", "ipv4-addr", "url", "file", "email-addr", "marking-definition",
                     "identity", "windows-registry-key"}  # fmt: skip
    assert len([id_ for id_ in shared if id_.startswith("identity")]) == 1


def test_an_export_is_journalled_with_its_hash(world, case_id):
    made = export(world.responder, case_id, Tlp.GREEN)
    with atomic(SYSTEM):
        entry = (
            session()
            .scalars(select(AuditEntry).where(AuditEntry.action == "observable:export"))
            .one()
        )
        assert entry.case_id == case_id
        kinds = [line.kind for line in cases.timeline(world.responder, entry_case(case_id))]
    assert "observable:exported" in kinds
    assert made.stix["type"] == "bundle"


def entry_case(case_id):
    from cyberdesk.desk.cases.models import Case

    return session().get_one(Case, case_id)


def test_looking_at_what_would_leave_is_no_export(world, full):
    with at(world.responder, full) as case:
        seen = service.preview_export(world.responder, case, tlp=Tlp.GREEN)
    assert seen.text == export(world.responder, full, Tlp.GREEN).text
    with atomic(SYSTEM):
        exports = select(AuditEntry).where(AuditEntry.action == "observable:export")
        assert len(session().scalars(exports).all()) == 1


@pytest.fixture
def exercise(world):
    case_id = world.open_case(exercise=True)
    add(world.responder, case_id, "bad.fr", marking=Tlp.CLEAR)
    return case_id


@pytest.mark.parametrize("tlp", OUTSIDE)
def test_an_exercise_never_leaves(world, exercise, tlp):
    for confirmed in (True, False):
        with pytest.raises(ForbiddenError):
            export(world.responder, exercise, tlp, exercise=confirmed)


def test_an_exercise_leaves_for_those_inside_only_when_it_says_so(world, exercise):
    with pytest.raises(InvalidError):
        export(world.responder, exercise, Tlp.RED)
    made = export(world.responder, exercise, Tlp.RED, exercise=True)
    assert wrong_with(made.text) == []
    assert one(made, "incident")["name"].startswith("EXERCICE")
    statement = next(o for o in made.objects if o.get("definition_type") == "statement")
    authored = [o for o in made.objects if o["type"] != "marking-definition"][1:]
    assert all(statement["id"] in o["object_marking_refs"] for o in authored)
    labelled = [o for o in authored if "created" in o]
    assert all(o["labels"] == ["exercise"] for o in labelled)


def test_a_real_case_is_not_passed_off_as_an_exercise(world, case_id):
    with pytest.raises(InvalidError):
        export(world.responder, case_id, Tlp.RED, exercise=True)


def test_the_markings_are_those_that_oasis_published():
    schema = json.loads((SCHEMAS / f"{next(SCHEMAS.glob('*60a3c5c5*')).name}").read_text())
    published = {
        v["properties"]["name"]["const"]: v["properties"]["id"]["const"] for v in schema["oneOf"]
    }
    assert {level.name: level.stix_id for level in LEVELS.values()} == published
