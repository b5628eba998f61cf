"""The way through the declaration, for anybody, whatever they answer."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from cyberdesk.strands.cyber.gestures import load_gestures
from cyberdesk.strands.cyber.questionnaire import (
    UNKNOWN,
    Answers,
    advice,
    load_questionnaire,
    next_screen,
    relevant,
    restore,
    screens,
)
from cyberdesk.strands.cyber.questionnaire.model import CHOICES, Question, build
from cyberdesk.strands.cyber.questionnaire.rules import parse_rule
from cyberdesk.strands.cyber.services import load_services

Q = load_questionnaire()
NOW = datetime(2026, 11, 23, 6, 43, tzinfo=UTC)


def any_answer(question: Question) -> st.SearchStrategy[object]:
    names = list(question.choices)
    if question.kind == "single":
        return st.sampled_from([*names, None])
    if question.kind == "multi":
        return st.lists(st.sampled_from(names), unique=True) | st.none()
    return st.none() | st.just("des mots")


ANYBODY = st.fixed_dictionaries(
    {name: any_answer(question) for name, question in Q.questions.items()}
)


def names(answers: Answers) -> list[str]:
    return [step.screen.name for step in screens(Q, answers)]


def walk(answers: Answers) -> list[str]:
    """Answer screen after screen, as somebody would, and return the screens seen."""
    given_so_far: dict[str, object] = {}
    seen = []
    while (screen := next_screen(Q, given_so_far)) is not None:
        seen.append(screen.name)
        given_so_far |= {question.name: answers[question.name] for question in screen.questions}
    return seen


@given(ANYBODY)
@settings(max_examples=60)
def test_every_way_through_ends_and_asks_each_screen_once(answers: Answers) -> None:
    seen = walk(answers)
    assert len(seen) == len(set(seen)) <= len(Q.screens)
    assert seen == names(answers)
    asks_only = "question" in (answers["sees"] or ())
    assert "support" not in seen if asks_only else seen[-1] == "support", seen


@given(ANYBODY)
@settings(max_examples=60)
def test_advice_is_said_once_most_urgent_first(answers: Answers) -> None:
    said = advice(Q, answers)
    assert len({gesture.name for gesture in said}) == len(said)
    assert [gesture.rank for gesture in said] == sorted(gesture.rank for gesture in said)


def test_one_trouble_takes_ten_screens_at_most() -> None:
    for option in Q.questions["sees"].options:
        assert len(names({"sees": [option.name]})) <= 10, option.name


def test_somebody_with_a_question_is_asked_it_and_nothing_about_machines() -> None:
    assert names({"sees": ["question"]}) == ["sees", "reach", "question"]
    assert advice(Q, {"sees": ["question"], "callback_phone": "06 12 34 56 78"}) == ()


def test_follow_ups_are_one_screen_each() -> None:
    start = len(names({"sees": ["website"]}))
    assert "site" in names({"sees": ["website"]})
    assert set(names({"sees": ["website", "wrong_transfer"]})) - set(
        names({"sees": ["website"]})
    ) == {"transfer"}
    assert len(names({"sees": ["website", "wrong_transfer"]})) == start + 1


def test_somebody_who_knows_nothing_is_led_through_and_told_what_to_do() -> None:
    answers: Answers = {
        name: [UNKNOWN] if q.kind == "multi" else UNKNOWN if q.kind == "single" else None
        for name, q in Q.questions.items()
    }
    assert walk(answers)[0] == "sees"
    assert {"stay_near", "unplug"} <= {gesture.name for gesture in advice(Q, answers)}


def test_every_choice_offers_i_do_not_know_last_and_alone() -> None:
    for question in Q.questions.values():
        if question.kind in CHOICES:
            last = question.options[-1]
            assert last.name == UNKNOWN
            assert last.exclusive


def test_only_what_one_sees_and_a_number_are_required_and_the_number_can_be_declined() -> None:
    required = [q for q in Q.questions.values() if q.required]
    assert [q.name for q in required] == ["sees", "callback_phone"]
    assert required[1].unknown is not None


def test_a_number_to_call_back_is_asked_right_after_what_is_seen() -> None:
    assert names({"sees": [UNKNOWN]})[:2] == ["sees", "reach"]


def test_every_service_is_offered() -> None:
    assert set(load_services()) < set(Q.questions["services"].choices)


def test_every_gesture_named_exists() -> None:
    options = [
        o for q in Q.questions.values() for o in (*q.options, *([q.unknown] if q.unknown else []))
    ]
    assert {name for option in options for name in option.advice} <= set(load_gestures().gestures)


def test_advice_comes_at_once_after_the_first_answer() -> None:
    said = [gesture.name for gesture in advice(Q, {"sees": ["ransom_note"]}, screen="sees")]
    assert said[:3] == ["unplug", "keep_on", "backups_offline"]
    assert "no_pay" in said


def test_advice_changes_when_the_machines_are_already_off() -> None:
    answers: Answers = {"sees": ["ransom_note"], "done": ["powered_off"]}
    said = {gesture.name for gesture in advice(Q, answers)}
    assert "leave_off" in said
    assert "keep_on" not in said


def test_no_phone_number_gives_advice_and_a_number_does_not() -> None:
    blank = {gesture.name for gesture in advice(Q, {"sees": [UNKNOWN], "callback_phone": None})}
    given_ = {
        gesture.name
        for gesture in advice(Q, {"sees": [UNKNOWN], "callback_phone": "06 12 34 56 78"})
    }
    assert blank - given_ == {"call_if_no_number"}


def test_answers_of_a_screen_no_longer_visible_do_not_count() -> None:
    answers: Answers = {"sees": ["website"], "transfer_state": "paid_today"}
    assert relevant(Q, answers) == {"sees": ["website"]}
    assert "call_accountant" not in {gesture.name for gesture in advice(Q, answers)}


def test_coming_back_goes_on_where_one_stopped() -> None:
    answers: Answers = {"sees": ["website"]}
    assert next_screen(Q, answers).name == "reach"  # type: ignore[union-attr]
    assert next_screen(Q, answers, after="reach").name == "site"  # type: ignore[union-attr]
    whole = dict.fromkeys(Q.questions) | {"sees": ["website"]}
    assert next_screen(Q, whole) is None


def test_progress() -> None:
    steps = screens(Q, {"sees": ["website"]})
    assert [step.number for step in steps] == list(range(1, len(steps) + 1))
    assert {step.total for step in steps} == {len(steps)}
    assert [step.chapter for step in steps] == sorted(step.chapter for step in steps)
    assert (steps[0].chapter, steps[-1].chapter, steps[0].chapters) == (1, 5, 5)
    assert [step.seen for step in steps][:2] == [True, False]


def test_the_version_pins_the_content() -> None:
    again = restore(Q.document)
    assert again == Q
    tree = json.loads(Q.document)
    tree["screens"][0]["title"]["fr"] += "!"
    assert build(tree).version != Q.version


def test_a_screen_cannot_depend_on_what_is_asked_later() -> None:
    tree = json.loads(Q.document)
    tree["screens"][0]["when"] = {"done": ["nothing"]}
    with pytest.raises(ValidationError, match="not asked before"):
        build(tree)


def test_a_question_asked_twice_is_refused() -> None:
    tree = json.loads(Q.document)
    tree["screens"].append(tree["screens"][0] | {"name": "again"})
    with pytest.raises(ValidationError, match="asked twice"):
        build(tree)


@pytest.mark.parametrize(
    ("rule", "answers", "holds"),
    [
        ({"a": ["x"]}, {"a": "x"}, True),
        ({"a": ["x"]}, {"a": ["y", "x"]}, True),
        ({"a": ["x"]}, {}, False),
        ({"a": ["unknown"]}, {"a": None}, True),
        ({"a": ["unknown"]}, {}, False),
        ({"a": ["x"], "b": ["y"]}, {"a": "x"}, False),
        ({"any": [{"a": ["x"]}, {"b": ["y"]}]}, {"b": "y"}, True),
        ({"all": [{"a": ["x"]}, {"not": {"b": ["y"]}}]}, {"a": "x", "b": "y"}, False),
        ({"not": {"a": ["x"]}}, {}, True),
        ({"m": ["yesterday"]}, {"m": {"said": "yesterday"}}, True),
        ({"n": ["3"]}, {"n": 3}, False),
        ({"known": ["a"]}, {"a": "x"}, True),
        ({"known": ["a", "b"]}, {"a": "x"}, False),
        ({"known": ["a"]}, {"a": "unknown"}, False),
        ({"known": ["a"]}, {"a": None}, False),
    ],
)
def test_rules(rule: dict[str, object], answers: Answers, holds: bool) -> None:
    assert parse_rule(rule).holds(answers) is holds


@pytest.mark.parametrize("raw", [{}, [], "sees", {"a": []}, {"a": "x"}, {"a": [1]}, {"not": [1]}])
def test_what_is_not_a_rule_is_refused(raw: object) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_rule(raw)
