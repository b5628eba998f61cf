"""The truth table: who may do what with a case of the north commune."""

from datetime import timedelta

import pytest

from cyberdesk.core import clock
from cyberdesk.core.db import atomic, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.db.work import doom
from cyberdesk.core.errors import ForbiddenError, NotFoundError
from cyberdesk.desk.cases import service
from cyberdesk.desk.cases.models import Case
from tests.desk.cases.conftest import HOUSE, ending

# "yes": done. "no": reaches the case, may not. "404": never learns that the case exists.
WHO = ("responder", "lead", "member", "mayor", "link", "provider")
NEVER = ("stranger", "southerner", "admin", "auditor")
ACTS = {
    "take": (lambda a, c, w: service.take(a, c), "yes yes no no no no"),
    "hand_over": (
        lambda a, c, w: service.hand_over(a, c, to=w.second.id, note_to="suite"),
        "yes yes no no no no",
    ),
    "escalate": (lambda a, c, w: service.escalate(a, c, reason="grave"), "yes yes no no no no"),
    "severity": (
        lambda a, c, w: service.override_severity(a, c, to=4, reason="pire"),
        "yes yes no no no no",
    ),
    "note": (lambda a, c, w: service.add_note(a, c, body="note"), "yes yes no no no no"),
    "write": (lambda a, c, w: service.write(a, c, body="bonjour"), "yes yes yes yes yes yes"),
    "call": (
        lambda a, c, w: service.log_call(a, c, role="mayor", outcome="reached"),
        "yes yes no no no no",
    ),
    "chronicle": (
        lambda a, c, w: service.chronicle(a, c, at=clock.now() - timedelta(days=1), words="x"),
        "yes yes no no no no",
    ),
    "people": (lambda a, c, w: service.people(a, c), "yes yes no no no no"),
    "add_person": (
        lambda a, c, w: service.add_person(a, c, role="mayor", name="M. Maire"),
        "yes yes no no no no",
    ),
    "links": (lambda a, c, w: service.links_of(a, c), "yes yes no no no no"),
    "close": (lambda a, c, w: service.close_case(a, c, **ending()), "yes yes no no no no"),
    "thread": (lambda a, c, w: service.messages(a, c), "yes yes yes yes yes yes"),
}


def actor_of(world, who, case_id):
    special = {"link": world.link_to, "provider": world.provider_of}
    return special[who](case_id) if who in special else world.actors[who]


def tried(actor, case_id, do, world):
    """Do it in a transaction of the actor's own, and take it back."""
    try:
        with atomic(actor.scope):
            do(actor, service.access_case(actor, case_id), world)
            doom()
    except ForbiddenError:
        return "no"
    except NotFoundError:
        return "404"
    return "yes"


@pytest.mark.parametrize("act", sorted(ACTS))
def test_who_may(world, act):
    do, row = ACTS[act]
    case_id = world.open_case()
    told = {who: tried(actor_of(world, who, case_id), case_id, do, world) for who in WHO}
    assert told == dict(zip(WHO, row.split(), strict=True))


def test_those_who_never_learn_of_it(world):
    case_id = world.open_case()
    for who in NEVER:
        actor = world.actors[who]
        with atomic(actor.scope):
            with pytest.raises(NotFoundError):
                service.access_case(actor, case_id)
            assert session().query(Case).count() == 0


@pytest.mark.parametrize("act", sorted(ACTS))
def test_a_case_got_hold_of_otherwise_is_refused_too(world, act):
    """Even with the row in hand, the service asks where the actor's grants reach."""
    case_id = world.open_case()
    with atomic(SYSTEM):
        case = service.access_case(HOUSE, case_id)
        for who in NEVER:
            with pytest.raises(ForbiddenError):
                ACTS[act][0](world.actors[who], case, world)
