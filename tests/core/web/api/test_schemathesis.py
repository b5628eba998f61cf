"""Schemathesis sends whatever the published description allows, and what it forbids.

A real token of a lead, a real case with tasks, deadlines and messages; every answer must be one
that the description names, of the shape that it names, and never a failure of ours.
"""

import time

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.generation import GenerationMode

from cyberdesk.core.access import throttle
from tests.core.web.api.lived_in import furnish

load_all_checks()
ROUNDS = settings(
    max_examples=6, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
SECONDS = 20  # of work, for each mode
# Whether a code is of the strand's vocabulary, or a case open, no schema can say.
BEYOND_SCHEMA = ["positive_data_acceptance"]


class Unhurried:
    """Counts nothing: how fast a program may go is tried elsewhere."""

    def spend(self, key, limit):
        return 0.0


@pytest.fixture
def lived_in(app):
    found = furnish(app)
    throttle.use(Unhurried())
    return found


def trying(operation, mode, lived_in, met):
    """Return the test of one operation; the answers that it meets are added to `met`."""
    headers = {"Authorization": f"Bearer {lived_in.token}"}
    excluded = CHECKS.get_by_names(BEYOND_SCHEMA)

    @ROUNDS
    @given(data=st.data())
    def send(data):
        case = data.draw(operation.as_strategy(generation_mode=mode))
        known = lived_in.known(operation.path)
        if mode.is_positive and known and data.draw(st.integers(0, 3)):
            case.path_parameters |= known
        answer = case.call_and_validate(headers=headers, excluded_checks=excluded)
        met.add((operation.method, operation.path, answer.status_code))

    return send


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_every_answer_is_as_described(app, lived_in, mode):
    described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    operations = [found.ok() for found in described.get_all_operations()]
    assert len(operations) > 30
    met, begun = set(), time.process_time()
    for operation in operations:
        trying(operation, mode, lived_in, met)()
    assert time.process_time() - begun < SECONDS, "too slow: fewer examples, or a faster API"
    if mode.is_positive:
        answered = {(method, path) for method, path, status in met if status < 300}
        reads = {(one.method, one.path) for one in operations if one.method == "get"}
        furnished = {read for read in reads if lived_in.knows(read[1])}
        assert len(furnished) > 15
        assert furnished - answered == set()
