"""New passwords are long and not what guessers try."""

import pytest

from cyberdesk.core.access.signin.passwords import (
    LONGEST,
    faults,
    hash_password,
    verify_password,
)

ABOUT = ("Jeanne Dupont-Bertrand", "jeanne.dupont@valfleur.example")


@pytest.mark.parametrize(
    "password",
    [
        "agrafe cheval pile correcte",
        "correct horse battery staple",
        "Le renard compte neuf violons",
        "kx7-Vv2rTq9-mmZ",
        "été-aquarium-boussole",
        "parapluie 7 tonneaux verts",
    ],
)
def test_a_few_unrelated_words_will_do(password):
    assert faults(password, ABOUT) == []


@pytest.mark.parametrize(
    "password",
    [
        "",
        "court",
        "k7-Vv2rTq9x",
        "x" * (LONGEST + 1),
        "aaaaaaaaaaaa",
        "abababababab",
        "password123456",
        "P@ssw0rd2026!",
        "MotDePasse2026!",
        "azertyuiop123",
        "AZERTYazerty",
        "qwertyuiop[]12",
        "Marseille13!13!",
        "bonjourbonjour",
        "SoleilSoleil2025",
        "CyberDesk-2026",
        "Mairie-Gap-05000",
        "admin.admin.admin",
        "123456789012",
        "20262027202820",
        "jeanne.dupont!!",
        "DupontBertrand1",
        "zyxwvutsrqponm",
        "iloveyou-forever",
        "ÉtéHiverÉtéHiver",
    ],
)
def test_what_guessers_try_is_refused(password):
    found = faults(password, ABOUT)
    assert len(found) == 1
    assert str(found[0])


def test_a_password_is_kept_as_argon2id():
    hashed = hash_password("agrafe cheval pile correcte")
    assert hashed.startswith("$argon2id$")
    assert verify_password("agrafe cheval pile correcte", hashed)
    assert not verify_password("agrafe cheval pile incorrecte", hashed)
    assert not verify_password("agrafe cheval pile correcte", "no hash")


def test_accents_may_be_composed_either_way():
    assert verify_password("e\u0301te\u0301 aquarium", hash_password("\u00e9t\u00e9 aquarium"))
