"""Cases as a program reads them: lists, filters, pages, one case, its story."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select

from cyberdesk.core import clock
from cyberdesk.core.audit.models import AuditEntry
from cyberdesk.core.db import atomic, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.desk.cases import service
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.cases.reaching import within
from tests.desk.cases.conftest import HOUSE, ending


def references(answer):
    assert answer.status_code == 200, answer.text
    return [case["reference"] for case in answer.json["data"]]


def test_the_desk_gets_its_queue_worst_first(desk, open_case):
    mild, worst = open_case(level=1, severity=10), open_case(level=4, severity=95)
    assert references(desk.get("/cases")) == [worst, mild]
    assert references(desk.get("/cases?sort=id")) == [mild, worst]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("level=4", True),
        ("level=1", False),
        ("subject=ransomware", True),
        ("subject=phishing", False),
        ("owner=nobody", True),
        ("owner=me", False),
        ("organisation=83901", True),
        ("organisation=13902", False),
        ("department=83", True),
        ("department=13", False),
        ("strand=cyber", True),
        ("strand=campus", False),
        ("state=closed", False),
        ("state=all", True),
        ("exercise=true", False),
        ("waits_on=commune", False),
        ("changed_since=2020-01-01T00:00:00Z", True),
        ("changed_since=2999-01-01T00:00:00Z", False),
    ],
)
def test_each_filter_narrows(desk, open_case, query, found):
    reference = open_case(level=4)
    assert references(desk.get(f"/cases?{query}")) == [reference] * found


def test_a_reference_is_found_whole_or_by_its_beginning(desk, open_case):
    reference, other = open_case(), open_case()
    assert references(desk.get(f"/cases?reference={reference}")) == [reference]
    begun = references(desk.get(f"/cases?reference={reference[3:6].lower()}"))
    assert reference in begun
    assert set(begun) <= {reference, other}
    assert references(desk.get("/cases?reference=%25")) == []


@pytest.mark.parametrize(
    "query", ["nom=x", "level=5", "owner=you", "sort=rank", "changed_since=2026-01-01T00:00:00"]
)
def test_what_is_not_known_is_refused(desk, query):
    refused = desk.get(f"/cases?{query}")
    assert refused.status_code == 422
    assert query.split("=")[0] in " ".join(refused.json["errors"])


@pytest.mark.parametrize("sort", ["worst", "id", "changed"])
def test_pages_hold_every_case_once_while_others_come_and_go(desk, open_case, sort):
    before = {open_case(level=1 + n % 4, severity=n) for n in range(9)}
    seen, cursor = [], ""
    while True:
        page = desk.get(f"/cases?limit=2&sort={sort}{cursor}").json
        seen += [case["reference"] for case in page["data"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
        if len(seen) < 8:
            open_case(level=4, severity=99)
    assert len(seen) == len(set(seen))
    assert before <= set(seen)


def test_following_changes_misses_none(desk, world, open_case):
    first, second = open_case(), open_case()
    newest = desk.all("/cases?sort=changed&limit=1")[-1]["changed_at"]
    desk.post(f"/cases/{first}/take")
    changed = references(desk.get(f"/cases?sort=changed&changed_since={newest}"))
    assert changed == [second, first]


def test_a_case_is_told_whole(desk, open_case):
    reference = open_case()
    case = desk.get(f"/cases/{reference}").json
    assert case["title"] == {"fr": "Rançongiciel", "en": "Ransomware"}
    assert case["organisation"]["name"] == "Saint-Exemple"
    assert case["desk"]["owner"] is None
    assert [reason["code"] for reason in case["desk"]["reasons"]] == ["untaken"]
    assert desk.get(f"/cases/{reference.lower().replace('-', '')}").json["id"] == case["id"]


def test_the_commune_sees_its_case_and_nothing_of_the_desks(machine_of, desk, open_case, world):
    reference = open_case()
    open_case(world.south)
    desk.post(f"/cases/{reference}/take")
    desk.post(f"/cases/{reference}/notes", {"body": "entre nous"})
    desk.post(f"/cases/{reference}/messages", {"body": "bonjour"})
    commune = machine_of("member")
    assert references(commune.get("/cases")) == [reference]
    assert commune.get(f"/cases/{reference}").json["desk"] is None
    told = commune.all(f"/cases/{reference}/timeline")
    assert [line["kind"] for line in told] == ["case:opened", "case:taken", "case:message"]
    assert {line["author"] for line in told} == {None}
    assert [(m["body"], m["author"]) for m in commune.all(f"/cases/{reference}/messages")] == [
        ("bonjour", None)
    ]


def test_the_timeline_goes_on_after_a_version(desk, open_case):
    reference = open_case()
    last = desk.all(f"/cases/{reference}/timeline")[-1]["version"]
    desk.post(f"/cases/{reference}/take")
    [line] = desk.get(f"/cases/{reference}/timeline?after={last}").json["data"]
    assert line["said"] == {"fr": "Dossier pris en charge", "en": "Case taken"}
    assert line["author"] == {"kind": "token", "name": "Pont SIEM (Camille Roux)"}


def test_its_entity_tag_follows_every_change(desk, open_case):
    address = f"/cases/{open_case()}"
    tag = desk.get(address).headers["ETag"]
    assert desk.get(address, If_None_Match=tag).status_code == 304
    desk.post(f"{address}/take")
    assert desk.get(address, If_None_Match=tag).status_code == 200


def test_reading_is_journalled_once_an_hour(desk, open_case):
    reference = open_case()
    for _ in range(3):
        desk.get(f"/cases/{reference}")
    with atomic(SYSTEM) as s:
        read = select(AuditEntry).where(AuditEntry.action == "case:read")
        assert [entry.actor_kind for entry in s.scalars(read)] == ["token"]


def test_the_list_is_a_constant_number_of_statements(app, desk, open_case, database):
    desk.get("/me")  # the token's first use of this minute is noted
    sent: list[str] = []
    note = lambda *given: sent.append(given[2])  # noqa: E731
    event.listen(database.engine, "before_cursor_execute", note)
    counts = []
    for _ in range(2):
        for _ in range(5):
            open_case()
        sent.clear()
        desk.get("/cases")
        counts.append(len(sent))
    event.remove(database.engine, "before_cursor_execute", note)
    assert counts[0] == counts[1]


def test_endings_are_told_and_the_desks_words_to_the_desk(desk, machine_of, open_case):
    reference = open_case()
    desk.post(f"/cases/{reference}/close", ending())
    [ours] = desk.get(f"/cases/{reference}/endings").json["data"]
    [theirs] = machine_of("member").get(f"/cases/{reference}/endings").json["data"]
    assert ours["lessons"] == "Double facteur partout."
    assert theirs["letter"] == ours["letter"]
    assert theirs["lessons"] is None


def test_people_and_colleagues_are_the_desks(desk, machine_of, open_case):
    reference = open_case()
    names = [one["name"] for one in desk.get(f"/cases/{reference}/colleagues").json["data"]]
    assert names == ["Aïcha Lebon", "Camille Roux", "Noé Blanc"]
    assert desk.get(f"/cases/{reference}/people").json["data"] == []
    commune = machine_of("member")
    for part in ("people", "colleagues"):
        assert commune.get(f"/cases/{reference}/{part}").status_code == 403


def test_a_vocabulary_says_its_codes(desk):
    words = desk.get("/vocabularies/cyber").json
    assert "phishing" in [word["code"] for word in words["causes"]]
    assert [level["said"]["en"] for level in words["levels"]][-1] == "Critical"
    assert {side["code"] for side in words["damages"]} >= {"availability", "information"}
    assert desk.get("/vocabularies/nothing").status_code == 404


def test_reach_in_sql_says_what_the_rights_say(world):
    """Row by row, the condition of lists is that of the loader."""
    ids = [world.open_case(), world.open_case(world.south), world.open_case(strand="campus")]
    everybody = [*world.actors.values(), world.link_to(ids[0]), world.provider_of(ids[1])]
    with atomic(SYSTEM):
        cases = session().scalars(select(Case)).all()
        for actor in everybody:
            for permission in ("case:read", "case:take", "task:answer"):
                listed = set(session().scalars(select(Case.id).where(within(actor, permission))))
                loaded = {case.id for case in cases if actor.may(permission, case.place())}
                assert listed == loaded, (actor.name, permission)


def test_an_exercise_is_listed_apart(desk, open_case):
    reference = open_case(exercise=True)
    assert references(desk.get("/cases")) == []
    assert references(desk.get("/cases?exercise=true")) == [reference]


def test_what_time_alone_changes_changes_the_tag(desk, world, open_case):
    reference = open_case()
    with atomic(SYSTEM):
        case = service.find_case(HOUSE, reference)
        service.set_next_due(case, "callback", clock.now() + timedelta(minutes=20))
    tag = desk.get(f"/cases/{reference}").headers["ETag"]
    with clock.using(clock.still(clock.now() + timedelta(minutes=21))):
        assert service.rerank_due() == 1
    assert desk.get(f"/cases/{reference}").headers["ETag"] != tag
