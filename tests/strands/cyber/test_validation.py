"""Forms as people, phones and bots send them."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cyberdesk.strands.cyber.calendar import PARIS
from cyberdesk.strands.cyber.questionnaire import load_questionnaire, moment, validate
from cyberdesk.strands.cyber.questionnaire.moments import SAYINGS
from cyberdesk.strands.cyber.questionnaire.validation import load_errors

Q = load_questionnaire()
NOW = datetime(2026, 11, 23, 6, 43, tzinfo=UTC)  # Monday 07:43 in Paris


def said(screen: str, **form: str | list[str]) -> object:
    fields = {name: value if isinstance(value, list) else [value] for name, value in form.items()}
    return validate(Q.screen(screen), fields, now=NOW)


def codes(screen: str, **form: str | list[str]) -> dict[str, str]:
    return {name: error.code for name, error in said(screen, **form).errors.items()}  # type: ignore[attr-defined]


def test_a_whole_screen() -> None:
    result = said(
        "reach",
        callback_phone="0612345678",
        callback_name="  Mme  Martin ",
        callback_role="secretary",
        csrf_token="x",
    )
    assert result.ok
    assert result.answers == {
        "callback_phone": "06 12 34 56 78",
        "callback_name": "Mme Martin",
        "callback_role": "secretary",
        "other_phone": None,
    }


def test_every_option_of_every_choice_is_taken() -> None:
    for screen in Q.screens:
        for question in screen.questions:
            for option in question.options:
                form = {question.name: [option.name]}
                result = validate(screen, form, now=NOW)
                assert question.name not in result.errors, (screen.name, question.name, option.name)


def test_nothing_ticked_where_an_answer_is_needed() -> None:
    assert codes("sees") == {"sees": "required"}
    assert codes("reach") == {"callback_phone": "required"}


def test_no_number_to_give_is_an_answer() -> None:
    result = said("reach", callback_phone="", callback_phone__unknown="1")
    assert result.ok
    assert result.answers["callback_phone"] is None


def test_what_is_not_offered_is_refused() -> None:
    assert codes("sees", sees=["ransom_note", "meteorite"]) == {"sees": "not_offered"}
    assert codes("scope", machines="12") == {"machines": "not_offered"}


def test_i_do_not_know_does_not_go_with_another_answer() -> None:
    assert codes("sees", sees=["ransom_note", "unknown"]) == {"sees": "exclusive"}
    assert codes("services", services=["water", "none"]) == {"services": "exclusive"}


def test_two_answers_to_a_question_that_takes_one() -> None:
    assert codes("scope", machines=["one", "few"]) == {"machines": "one_only"}


def test_the_same_box_sent_twice_counts_once() -> None:
    assert said("sees", sees=["website", "website"]).answers == {"sees": ["website"]}


def test_a_field_that_the_page_does_not_have_is_refused() -> None:
    assert codes("sees", sees="website", is_admin="1") == {"is_admin": "unknown_field"}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0612345678", "06 12 34 56 78"),
        ("06.12.34.56.78", "06 12 34 56 78"),
        ("+33 6 12 34 56 78", "06 12 34 56 78"),
        ("+33 (0)6 12 34 56 78", "06 12 34 56 78"),
        ("0033612345678", "06 12 34 56 78"),
        ("+377 99 99 99 99", "+377 99 99 99 99"),
        ("+262 262 12 34 56", "+262 262 12 34 56"),
    ],
)
def test_telephone_numbers(typed: str, kept: str) -> None:
    assert said("reach", callback_phone=typed).answers["callback_phone"] == kept


@pytest.mark.parametrize(
    "typed", ["12", "appelez-moi", "06 12 34 56 78 <b>", "0" * 41, "+" * 8, "1234567890123456"]
)
def test_what_is_not_a_telephone_number(typed: str) -> None:
    assert codes("reach", callback_phone=typed) == {"callback_phone": "phone"}


@pytest.mark.parametrize("typed", ["a@b.fr", "prénom.nom@exemple.fr", "x+y@sous.domaine.example"])
def test_mail_addresses(typed: str) -> None:
    assert said("support", other_mail=typed).answers["other_mail"] == typed


@pytest.mark.parametrize(
    "typed",
    [
        "a@b",
        "a b@c.fr",
        "a@b.fr,c@d.fr",
        "@b.fr",
        "a@b..fr",
        "x" * 255,
        'a@b.fr"',
        "a@b.fr\nBcc: c@d.fr",
    ],
)
def test_what_is_not_a_mail_address(typed: str) -> None:
    assert codes("support", other_mail=typed) == {"other_mail": "email"}


def test_words_are_capped_and_cleaned() -> None:
    assert codes("support", words="x" * 2001) == {"words": "too_long"}
    assert codes("support", it_name="x" * 100_000) == {"it_name": "too_long"}
    words = said("support", words=" ligne 1\r\nligne\x00 2\x1b[31m ").answers["words"]
    assert words == "ligne 1\nligne 2[31m"


def test_text_that_reads_from_right_to_left_is_kept_for_the_screen_to_show() -> None:
    assert said("support", it_name="a\u202ecod").answers["it_name"] == "a\u202ecod"


def test_errors_have_words_in_both_languages() -> None:
    error = said("support", words="x" * 2001).errors["words"]
    assert "2000" in error.say("fr")
    assert "2000" in error.say("en")


@pytest.mark.parametrize("saying", [s for s in SAYINGS if s not in ("date", "unknown")])
def test_sayings_are_in_the_past_and_ordered(saying: str) -> None:
    for hour in range(24):
        now = datetime(2026, 10, 25, hour, 30, tzinfo=UTC)
        result = validate(Q.screen("dates"), {"since": [saying]}, now=now)
        when = moment(result.answers["since"])
        assert when is not None
        assert when.earliest <= when.latest <= now


def test_yesterday_is_yesterday_in_paris() -> None:
    when = moment(said("dates", known_since="yesterday").answers["known_since"])
    assert when is not None
    assert when.earliest == datetime(2026, 11, 21, 23, 0, tzinfo=UTC)
    assert when.latest == datetime(2026, 11, 22, 23, 0, tzinfo=UTC)
    assert when.fidelity == "day"


def test_a_date_and_its_hour() -> None:
    when = moment(
        said("dates", since="date", since__date="2026-11-20", since__time="07:40").answers["since"]
    )
    assert when is not None
    assert when.earliest == datetime(2026, 11, 20, 7, 40, tzinfo=PARIS)
    assert when.fidelity == "minute"


def test_a_date_without_the_box_ticked_is_a_date() -> None:
    when = moment(said("dates", since="", since__date="2026-11-20").answers["since"])
    assert when is not None
    assert when.fidelity == "day"
    assert when.latest - when.earliest == timedelta(days=1)


def test_unknown_moments() -> None:
    answers = said("dates", since="unknown").answers
    assert answers == {"since": {"said": "unknown"}, "known_since": None}
    assert moment(answers["since"]) is None
    assert moment(None) is None


@pytest.mark.parametrize(
    ("day", "hour", "errors"),
    [
        ("", "", {"since__date": "date"}),
        ("hier", "", {"since__date": "date"}),
        ("2026-02-30", "", {"since__date": "date"}),
        ("2026-11-24", "", {"since__date": "in_the_future"}),
        ("2026-11-23", "23:00", {"since__date": "in_the_future"}),
        ("1999-12-31", "", {"since__date": "too_long_ago"}),
        ("2026-11-20", "25:00", {"since__time": "time"}),
    ],
)
def test_dates_that_cannot_be(day: str, hour: str, errors: dict[str, str]) -> None:
    assert codes("dates", since="date", since__date=day, since__time=hour) == errors


def test_a_phone_whose_clock_runs_ten_minutes_ahead_is_believed() -> None:
    when = moment(
        said("dates", since="date", since__date="2026-11-23", since__time="07:53").answers["since"]
    )
    assert when is not None
    assert when.earliest == when.latest == NOW


def fields() -> st.SearchStrategy[dict[str, list[str]]]:
    known = sorted({field for screen in Q.screens for field in screen.fields})
    options = sorted({option for q in Q.questions.values() for option in q.choices} | set(SAYINGS))
    value = (
        st.text(max_size=60)
        | st.sampled_from(options)
        | st.sampled_from(["2026-11-20", "07:40", "06 12 34 56 78"])
    )
    return st.dictionaries(
        st.sampled_from(known) | st.text(max_size=10), st.lists(value, max_size=4), max_size=6
    )


@given(st.sampled_from(Q.screens), fields())
@settings(max_examples=300)
def test_no_form_is_too_strange(screen: object, form: dict[str, list[str]]) -> None:
    result = validate(screen, form, now=NOW)  # type: ignore[arg-type]
    assert {error.code for error in result.errors.values()} <= set(load_errors())
    text = json.dumps(result.answers)  # kept as JSON, which PostgreSQL refuses with a NUL in it
    assert "\\u0000" not in text
    if result.ok:
        assert set(result.answers) == {question.name for question in screen.questions}  # type: ignore[attr-defined]
