"""Opening a case, reaching it, and what it tells."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from cyberdesk.core import clock
from cyberdesk.core.access import ANONYMOUS
from cyberdesk.core.audit.models import AuditEntry
from cyberdesk.core.crypto import vault
from cyberdesk.core.db import atomic, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.errors import ForbiddenError, NotFoundError, SignInError
from cyberdesk.desk.cases import service
from cyberdesk.desk.cases.models import Case, CaseEvent
from tests.desk.cases.conftest import HOUSE


def readings():
    with atomic(SYSTEM) as s:
        return s.scalar(
            select(func.count()).select_from(AuditEntry).where(AuditEntry.action == "case:read")
        )


def test_an_opened_case_stands_in_the_queue_and_tells_it(world):
    case_id = world.open_case()
    with atomic(world.responder.scope):
        case = service.access_case(world.responder, case_id)
        assert (case.state, case.department, case.version) == ("open", "83", 2)
        assert case.rank > 0
        (line,) = service.timeline(world.responder, case)
        assert line.kind == "case:opened"


def test_a_case_is_found_by_its_reference_however_it_was_typed(world):
    case_id = world.open_case()
    with atomic(world.responder.scope):
        reference = session().get_one(Case, case_id).reference
        dictated = reference.removeprefix("CD-").replace("-", " ").lower()
        assert service.access_case(world.responder, dictated).id == case_id


@pytest.mark.parametrize(
    ("who", "reads"),
    [
        ("responder", True),
        ("lead", True),
        ("member", True),
        ("mayor", True),
        ("stranger", False),
        ("admin", False),
        ("auditor", False),
        ("southerner", False),
    ],
)
def test_who_reaches_a_case_of_the_north(world, who, reads):
    case_id = world.open_case(world.north)
    actor = world.actors[who]
    with atomic(actor.scope):
        if reads:
            assert service.access_case(actor, case_id).id == case_id
        else:
            with pytest.raises(NotFoundError):
                service.access_case(actor, case_id)


def test_absent_and_forbidden_are_the_same_refusal(world):
    case_id = world.open_case(world.north)
    said = []
    with atomic(world.southerner.scope):
        for wanted in (case_id, "CD-000-000", "not a reference"):
            with pytest.raises(NotFoundError) as refusal:
                service.access_case(world.southerner, wanted)
            said.append((str(refusal.value.message), refusal.value.hint))
    assert len(set(said)) == 1


def test_a_private_link_reaches_its_own_case_only(world):
    ours, other = world.open_case(), world.open_case()
    link = world.link_to(ours)
    with atomic(link.scope):
        assert service.access_case(link, ours).id == ours
        with pytest.raises(NotFoundError):
            service.access_case(link, other)


def test_reading_is_journalled_once_an_hour_for_each_reader(world):
    case_id, start = world.open_case(), clock.now().replace(minute=5)
    for minutes, expected in ((0, 1), (10, 1), (65, 2)):
        with (
            clock.using(clock.still(start + timedelta(minutes=minutes))),
            atomic(world.responder.scope),
        ):
            service.access_case(world.responder, case_id)
        assert readings() == expected
    with atomic(world.lead.scope):
        service.access_case(world.lead, case_id)
    assert readings() == 3


def test_who_may_open(world):
    for who, error in (("member", ForbiddenError), ("stranger", ForbiddenError)):
        with pytest.raises(error), atomic(world.actors[who].scope):
            _open(world, world.actors[who])
    with pytest.raises(SignInError), atomic():
        _open(world, ANONYMOUS)
    with atomic(world.responder.scope):
        assert _open(world, world.responder).reference.startswith("CD-")


def test_the_house_opens_a_case_in_a_declarants_transaction(world):
    with atomic():
        case = _open(world, HOUSE)
    with atomic(SYSTEM) as s:
        assert s.get_one(Case, case.id).organisation_id == world.north


def test_desk_lines_are_kept_from_the_commune_by_service_and_database(world):
    case_id = world.open_case()
    with atomic(world.responder.scope):
        case = service.access_case(world.responder, case_id)
        service.tell(world.responder, case, "case:note", words="entre nous", desk_only=True)
        service.tell(world.responder, case, "case:call", words="appel")
    with atomic(world.member.scope) as s:
        case = service.access_case(world.member, case_id)
        assert [e.words for e in service.timeline(world.member, case)] == ["", "appel"]
        assert s.scalar(select(func.count()).where(CaseEvent.kind == "case:note")) == 0


def test_each_line_counts_the_version_up(world):
    case_id = world.open_case()
    with atomic(world.responder.scope):
        case = service.access_case(world.responder, case_id)
        seen = [service.tell(world.responder, case, "case:call").version for _ in range(3)]
        assert seen == [3, 4, 5]
        assert [e.version for e in service.timeline(world.responder, case, after_version=3)] == [
            4,
            5,
        ]


def test_a_new_triage_leaves_what_a_person_set_in_force(world):
    case_id = world.open_case()
    with atomic(SYSTEM):
        case = service.access_case(HOUSE, case_id)
        service.retriage(HOUSE, case, severity=90, level=4, severity_why={"fr": "x", "en": "x"})
        assert (case.level, case.severity) == (4, 90)
        case.overridden_at = clock.now()
        service.retriage(HOUSE, case, severity=20, level=1, severity_why={"fr": "x", "en": "x"})
        assert (case.level, case.computed_level) == (4, 1)


def _open(world, actor):
    return service.open_case(
        actor,
        strand="cyber",
        kind="incident",
        organisation_id=world.north,
        key_id=vault.create_key("case"),
        title={"fr": "x", "en": "x"},
        subject=None,
        rsit=None,
        severity=10,
        level=1,
        severity_why={},
    )
