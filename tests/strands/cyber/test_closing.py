"""The words of closing are those of STIX Incident Core 2.0, draft of 10 October 2023."""

import pytest

from cyberdesk.strands.cyber.closing import load_causes, load_damages, load_determinations

STIX = {
    "confidentiality": {"none", "suspected-loss", "contained", "confirmed-loss", "exploited-loss"},
    "integrity": {
        "none", "potential-modification", "partial-modification", "full-modification",
        "potential-destruction", "partial-destruction", "full-destruction",
    },
    "physical": {"none", "damaged-functional", "damaged-nonfunctional", "destruction", "unknown"},
    "recoverability": {"not-applicable", "regular", "supplemented", "extended", "not-recoverable"},
    "traceability": {"provable-accountability", "partial-accountability", "accountability-lost"},
}  # fmt: skip


def test_determinations_are_those_of_the_extension() -> None:
    assert set(load_determinations()) == {
        "blocked",
        "confirmed",
        "failed-attempt",
        "false-positive",
        "suspected",
    }
    assert load_determinations()["false-positive"].outcome == "false-alarm"


@pytest.mark.parametrize("name", sorted(STIX))
def test_closed_vocabularies_are_complete(name: str) -> None:
    assert set(load_damages()[name].values) == STIX[name]


def test_availability_is_a_rising_scale_of_us_cert_numbers() -> None:
    numbers = [damage.number for damage in load_damages()["availability"].values.values()]
    assert numbers == [0, 5, 15, 30, 50, 65, 75, 90]


def test_unknown_is_always_a_cause_that_can_be_named() -> None:
    assert load_causes()["unknown"].family == "unknown"
    assert len(load_causes()) == 18
