"""Readers of the journal are told who acted in words, never by a code of the house."""

import pytest

from cyberdesk.core.access.actor import ActorKind
from cyberdesk.core.audit.authors import KINDS, author_of


@pytest.mark.parametrize("kind", ActorKind)
def test_every_kind_of_actor_has_words(kind):
    assert kind.value in KINDS
    assert author_of(kind.value, "") not in ("", kind.value)


def test_a_person_is_named_and_the_house_is_not_taken_apart():
    assert author_of("person", "Camille Roux") == "Camille Roux"
    assert author_of("system", "playbook") == "CyberDesk"
