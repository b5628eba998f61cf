"""The directory finds a place however its name is typed."""

import time

import pytest
from sqlalchemy import func, select

from cyberdesk.core.access.directory import find_organisations, load_directory
from cyberdesk.core.access.directory.words import asked, plain
from cyberdesk.core.access.models import Organisation
from cyberdesk.core.audit.models import AuditEntry
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from tests.factories import make_organisation


def names(typed, **options):
    with atomic():
        return [found.name for found in find_organisations(typed, **options)]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("St-Rémy-de-Provence", "saint remy de provence"),
        ("L’Isle-sur-la-Sorgue", "l isle sur la sorgue"),
        ("  Ste  Maxime ", "sainte maxime"),
        ("Œuvres & Ève", "oeuvres eve"),
        ("'; DROP TABLE--", "drop table"),
        ("😀", ""),
    ],
)
def test_names_become_plain_words(typed, words):
    assert plain(typed) == words


def test_the_word_for_a_town_hall_is_not_looked_up():
    assert asked("Mairie de Gap") == "gap"
    assert asked("la commune d'Apt") == "apt"
    assert asked("Ville") == "ville"


def test_the_region_ships_whole_and_once(database):
    start = time.perf_counter()
    assert load_directory() == 1 + 6 + 18 + 52 + 946
    assert time.perf_counter() - start < 1
    assert load_directory() == 0
    with atomic(SYSTEM) as session:
        counted = session.execute(
            select(Organisation.kind, func.count()).group_by(Organisation.kind)
        ).all()
        orphans = session.scalars(
            select(Organisation.name).where(
                Organisation.parent_id.is_(None), Organisation.kind != "region"
            )
        ).all()
        assert session.scalars(select(AuditEntry.action)).all() == ["directory:load"]
    assert dict(map(tuple, counted)) == {
        "region": 1,
        "departement": 6,
        "arrondissement": 18,
        "epci": 52,
        "commune": 946,
    }
    assert orphans == ["CC Enclave des Papes - Pays de Grignan"]  # most of it lies elsewhere


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("gap", "Gap"),
        ("marseil", "Marseille"),
        ("st remy de pr", "Saint-Rémy-de-Provence"),
        ("Sainte-Maxime", "Sainte-Maxime"),
        ("ste max", "Sainte-Maxime"),
        ("l'isle", "L'Isle-sur-la-Sorgue"),
        ("isle sorgue", "L'Isle-sur-la-Sorgue"),
        ("salon", "Salon-de-Provence"),
        ("aix provence", "Aix-en-Provence"),
        ("05061", "Gap"),
        ("84800", "L'Isle-sur-la-Sorgue"),
        ("mairie de cavaillon", "Cavaillon"),
        ("metropole nice", "Métropole Nice Côte d'Azur"),
    ],
)
def test_what_people_type_is_found(database, typed, first):
    load_directory()
    assert names(typed)[0] == first


def test_the_name_itself_comes_before_larger_places(database):
    make_organisation("Gapennes", population=90_000)
    make_organisation("Gap", population=40)
    assert names("gap") == ["Gap", "Gapennes"]


def test_a_former_name_leads_to_the_commune_of_today(database):
    load_directory()
    with atomic(SYSTEM) as session:
        merged = session.scalars(
            select(Organisation).where(func.jsonb_array_length(Organisation.facts["former"]) > 0)
        ).first()
    assert merged.name in names(merged.facts["former"][0], kinds=["commune"])


@pytest.mark.parametrize("typed", ["", " ", "%", "_", "zzzz", "& | ! :*", "a" * 100_000, "\x00"])
def test_odd_input_finds_nothing_and_breaks_nothing(database, typed):
    load_directory()
    assert names(typed) == []


def test_kinds_and_limit_hold(database):
    load_directory()
    assert len(names("saint", limit=3)) == 3
    with atomic():
        kinds = {found.kind for found in find_organisations("aix", kinds=["epci"])}
        assert {found.kind for found in find_organisations("istres")} <= {"commune", "epci"}
    assert kinds == {"epci"}


def test_what_was_added_to_a_row_survives_a_newer_directory(database):
    load_directory()
    with atomic(SYSTEM) as session:
        region = session.scalars(select(Organisation).filter_by(kind="region")).one()
        gap = session.scalars(select(Organisation).filter_by(code="05061")).one()
        region.facts = region.facts | {"directory": "5.0.0"}
        gap.facts = gap.facts | {"provider": "known"}
        gap.population = 1
    assert load_directory() == 2
    with atomic(SYSTEM) as session:
        gap = session.scalars(select(Organisation).filter_by(code="05061")).one()
    assert gap.facts["provider"] == "known"
    assert gap.population > 40_000
