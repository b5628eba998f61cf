"""Schemathesis sends whatever the published description allows, and what it forbids."""

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.generation import GenerationMode

ROUNDS = settings(
    max_examples=8, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_every_answer_is_as_described(machine, mode):
    headers = {"Authorization": machine.environ_base["HTTP_AUTHORIZATION"]}
    described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", machine.application)
    operations = [found.ok() for found in described.get_all_operations()]
    assert operations
    for operation in operations:

        @ROUNDS
        @given(case=operation.as_strategy(generation_mode=mode))
        def send(case):
            case.call_and_validate(headers=headers)

        send()
