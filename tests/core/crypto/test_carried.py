"""What a browser carries is read by us alone, and only as what it was sealed for."""

import pytest

from cyberdesk.core.crypto.carried import open_carried, seal_carried
from cyberdesk.core.crypto.keyring import Keyring

PEPPERS = Keyring.generate().peppers


def test_it_opens_for_us_and_shows_nothing():
    sealed = seal_carried("code 12345 67890", what="session", peppers=PEPPERS)
    assert "12345" not in sealed
    assert open_carried(sealed, what="session", peppers=PEPPERS) == "code 12345 67890"


def test_a_former_pepper_still_opens_it_and_a_strange_one_never():
    sealed = seal_carried("kept", what="session", peppers=PEPPERS)
    assert open_carried(sealed, what="session", peppers=PEPPERS.renewed()) == "kept"
    assert open_carried(sealed, what="session", peppers=Keyring.generate().peppers) is None


def test_it_opens_as_nothing_else():
    sealed = seal_carried("kept", what="session", peppers=PEPPERS)
    assert open_carried(sealed, what="device", peppers=PEPPERS) is None


@pytest.mark.parametrize("at", [0, 5, 30, -1])
def test_a_changed_sign_is_noticed(at):
    sealed = seal_carried("kept", what="session", peppers=PEPPERS)
    other = "A" if sealed[at] != "A" else "B"
    place = at % len(sealed)
    changed = sealed[:place] + other + sealed[place + 1 :]
    assert open_carried(changed, what="session", peppers=PEPPERS) in (None, "kept")
    if at != -1:  # the last sign may hold bits that mean nothing
        assert open_carried(changed, what="session", peppers=PEPPERS) is None


@pytest.mark.parametrize("text", ["", "A", "é", "eyJfZnJlc2giOnRydWV9.aaa.bbb", "=" * 50, "%%%%"])
def test_anything_else_is_nothing(text):
    assert open_carried(text, what="session", peppers=PEPPERS) is None
