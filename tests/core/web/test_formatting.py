from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from markupsafe import Markup

from cyberdesk.core import clock
from cyberdesk.core.web import formatting as f

NOW = datetime(2026, 11, 23, 6, 40, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _still():
    with clock.using(clock.still(NOW)):
        yield


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def test_an_instant_is_shown_in_the_time_of_the_communes():
    assert f.date_time(NOW) == "lun. 23 nov. 07:40"
    assert f.date_time(NOW, "en") == "Mon 23 Nov 07:40"
    assert f.hour(datetime(2026, 7, 1, 6, 5, tzinfo=UTC)) == "08:05"


@pytest.mark.parametrize(
    ("gap", "shown"),
    [
        (timedelta(hours=3), "10:40"),
        (timedelta(days=2), "mer. 07:40"),
        (timedelta(days=-7), "lun. 16 nov. 07:40"),
    ],
)
def test_a_near_instant_is_short(gap, shown):
    assert f.near(NOW + gap) == shown


def test_another_year_is_written():
    assert f.date_time(datetime(2025, 12, 31, 23, 30, tzinfo=UTC)) == "jeu. 1 janv. 00:30"
    assert f.date_time(datetime(2025, 3, 2, 9, tzinfo=UTC)) == "dim. 2 mars 2025 10:00"


def test_a_naive_instant_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        f.date_time(datetime(2026, 11, 23, 7, 40))  # noqa: DTZ001


def test_days():
    assert f.day(date(2026, 11, 23)) == "lundi 23 novembre 2026"
    assert f.short_day(NOW) == "23 nov. 2026"
    assert f.machine(NOW) == "2026-11-23T06:40:00Z"


@pytest.mark.parametrize(
    ("gap", "fr", "en"),
    [
        (timedelta(hours=-3, minutes=-50), "il y a 3 h", "3 hr ago"),
        (timedelta(minutes=6, seconds=30), "dans 6 min", "in 6 min"),
        (timedelta(days=-12), "il y a 12 j", "12 days ago"),
        (timedelta(seconds=-20), "il y a 20 s", "20 sec ago"),
    ],
)
def test_relative_time_keeps_the_largest_whole_unit(gap, fr, en):
    assert plain(f.relative(NOW + gap)).replace(" jours", " j") == fr
    assert (
        plain(f.relative(NOW + gap, "en"))
        .replace("sec.", "sec")
        .replace("hr.", "hr")
        .replace("min.", "min")
        == en
    )


@pytest.mark.parametrize(
    ("gap", "fr"),
    [
        (timedelta(seconds=45), "45 s"),
        (timedelta(minutes=9, seconds=59), "9 min"),
        (timedelta(hours=71, minutes=10), "71 h 10"),
        (timedelta(hours=-2), "2 h"),
        (timedelta(hours=2, minutes=5), "2 h 05"),
        (timedelta(days=7, hours=4, minutes=9), "7 j 4 h"),
        (timedelta(hours=95, minutes=59), "95 h 59"),
    ],
)
def test_durations(gap, fr):
    assert plain(f.duration(gap)) == fr


@pytest.mark.parametrize(
    ("count", "fr"),
    [(0, "0 o"), (812, "812 o"), (48_120, "48 ko"), (2_412_000, "2,4 Mo"), (3 * 10**13, "30 To")],
)
def test_sizes(count, fr):
    assert plain(f.size(count)) == fr


def test_numbers_and_money():
    assert plain(f.number(21_700)) == "21 700"
    assert plain(f.euros(Decimal(123_450))) == "1 234,50 €"
    assert plain(f.percent(0.6)) == "60 %"


@pytest.mark.parametrize(
    ("typed", "shown", "link"),
    [
        ("0494000000", "04 94 00 00 00", "tel:+33494000000"),
        ("+33 4 94 00 00 00", "04 94 00 00 00", "tel:+33494000000"),
        ("+33 (0)4 94 00 00 00", "04 94 00 00 00", "tel:+33494000000"),
        ("0 805 036 083", "0 805 036 083", "tel:+33805036083"),
        ("3218", "32 18", "tel:3218"),
        ("17", "17", "tel:17"),
        ("+39 0184 000", "+39 0184 000", "tel:+390184000"),
    ],
)
def test_telephone_numbers(typed, shown, link):
    assert plain(f.phone(typed)) == shown
    assert f.phone_link(typed) == link


def test_names_and_references_for_the_ear():
    assert f.spelled("CD-7K4-92M") == "C D, 7 K 4, 9 2 M"
    assert f.initials("Jeanne Martin-Roux") == "JM"
    assert f.initials("") == ""


def test_french_punctuation_sticks_to_its_word():
    assert f.typography("Payer ? « Non » ; merci : oui !") == (
        "Payer\u202f? «\u202fNon\u202f»\u202f; merci\u202f: oui\u202f!"
    )
    assert f.typography("à 07:40, http://a?b") == "à 07:40, http://a?b"
    assert f.typography("Pay ?", "en") == "Pay ?"
    assert f.typography(Markup("<b>Payer ?</b>")) == Markup("<b>Payer ?</b>")
