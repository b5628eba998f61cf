"""The score: calibrated, explained, cautious, and never lowered by a worse answer."""

from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cyberdesk.strands.cyber.questionnaire import Answers, load_questionnaire, relevant
from cyberdesk.strands.cyber.severity import assess, load_scale

Q = load_questionnaire()

# From the least bad to the worst, as a responder would say. « Je ne sais pas » has no place in it.
WORSE = {
    "machines": ["none", "one", "few", "many", "all"],
    "servers": ["no", "yes"],
    "spreading": ["stopped", "same", "yes"],
    "people_at_risk": ["no", "yes"],
    "election_near": ["no", "yes"],
    "machinery_danger": ["no", "yes"],
    "data_people": ["few", "hundreds", "thousands"],
    "transfer_amount": ["small", "medium", "large"],
    "transfer_state": ["asked", "rib_changed", "paid_before", "paid_today"],
    "backups": ["offline", "provider", "network", "hit"],
    "ransom_theft": ["no", "yes"],
    "mailbox_access": ["yes", "no"],
    "mailbox_reached": ["few", "many", "very_many"],
    "leak_proof": ["no", "doubt", "ours"],
    "leak_public": ["no", "yes"],
    "device_locked": ["encrypted", "password", "no"],
    "device_how": ["lost", "stolen"],
    "site_only": ["only", "services", "internet"],
}
MULTI = {
    name: [option.name for option in question.options if not option.exclusive]
    for name, question in Q.questions.items()
    if question.kind == "multi"
}
KNOWN = st.fixed_dictionaries(
    {"sees": st.lists(st.sampled_from(MULTI["sees"]), unique=True, min_size=1)}
    | {name: st.sampled_from(options) for name, options in WORSE.items()}
    | {
        name: st.lists(st.sampled_from(options), unique=True, min_size=1)
        for name, options in MULTI.items()
        if name != "sees"
    }
)


def score(answers: Answers) -> int:
    return assess(relevant(Q, answers)).score


QUIET = {
    "services": ["none"],
    "data": ["none"],
    "people_at_risk": "no",
    "election_near": "no",
    "servers": "no",
}


@pytest.mark.parametrize(
    ("answers", "level", "low", "high"),
    [
        (
            {
                "sees": ["strange_mail"],
                "message_did": ["received"],
                "machines": "none",
                "spreading": "stopped",
            },
            "vigilance",
            10,
            25,
        ),
        (
            {
                "sees": ["website"],
                "site_what": ["down"],
                "site_only": "only",
                "services": ["website"],
            },
            "serious",
            40,
            49,
        ),
        (
            {
                "sees": ["mails_sent"],
                "machines": "one",
                "mailbox_reached": "very_many",
                "spreading": "same",
                "data": ["residents"],
            },
            "grave",
            55,
            80,
        ),
        ({"sees": ["wrong_transfer"], "transfer_state": "asked"}, "vigilance", 15, 29),
        (
            {
                "sees": ["wrong_transfer"],
                "transfer_state": "paid_today",
                "transfer_amount": "small",
            },
            "grave",
            70,
            80,
        ),
        (
            {"sees": ["lost_device"], "device_locked": "encrypted", "device_how": "lost"},
            "vigilance",
            10,
            29,
        ),
        (
            {
                "sees": ["lost_device"],
                "device_locked": "no",
                "device_how": "stolen",
                "data": ["social"],
            },
            "grave",
            60,
            75,
        ),
        (
            {
                "sees": ["ransom_note"],
                "machines": "all",
                "spreading": "yes",
                "services": ["civil_status", "payroll", "canteen"],
                "data": ["residents"],
            },
            "critical",
            92,
            100,
        ),
        (
            {
                "sees": ["ransom_note"],
                "machines": "one",
                "spreading": "stopped",
                "backups": "offline",
            },
            "grave",
            50,
            65,
        ),
        (
            {
                "sees": ["equipment"],
                "machinery_what": ["water"],
                "machinery_danger": "yes",
                "services": ["water"],
            },
            "critical",
            90,
            100,
        ),
        ({"sees": ["website"], "site_what": ["changed"], "site_only": "only"}, "serious", 40, 49),
        (
            {
                "sees": ["other"],
                "something_what": ["moves"],
                "machines": "one",
                "spreading": "same",
            },
            "grave",
            50,
            65,
        ),
        (
            {
                "sees": ["warned"],
                "warning_who": ["authority"],
                "machines": "none",
                "spreading": "stopped",
            },
            "serious",
            30,
            49,
        ),
        ({"sees": ["impersonation"], "person_how": ["account"]}, "serious", 35, 49),
        ({"sees": ["data_stolen"], "leak_proof": "no", "machines": "none"}, "serious", 35, 49),
    ],
)
def test_cases_that_responders_know(
    answers: dict[str, Any], level: str, low: int, high: int
) -> None:
    found = assess(relevant(Q, QUIET | answers))
    assert (found.level.name, low <= found.score <= high) == (level, True), found


def test_the_reason_reads_like_a_sentence() -> None:
    found = assess(
        {
            "sees": ["ransom_note"],
            "machines": "all",
            "spreading": "yes",
            "services": ["water"],
            "data": ["none"],
            "servers": "yes",
        }
    )
    assert found.why.fr == "réseau entier × services vitaux × en cours, s’étend"
    assert found.why.en == "whole network × vital services × ongoing, spreading"
    assert found.level.label.fr == "Critique"


def test_what_is_not_known_is_cautious_and_said() -> None:
    known = {
        "sees": ["nothing_opens"],
        "machines": "one",
        "servers": "no",
        "spreading": "stopped",
        "services": ["none"],
        "data": ["none"],
        "people_at_risk": "no",
    }
    doubtful = known | {
        "machines": "unknown",
        "spreading": "unknown",
        "services": ["unknown"],
        "data": None,
    }
    assert assess(doubtful).score > assess(known).score
    assert all(factor.in_doubt for factor in assess(doubtful).factors)
    assert "étendue inconnue" in assess(doubtful).why.fr
    assert not any(factor.in_doubt for factor in assess(known).factors)


def test_somebody_who_knows_nothing_is_called_back_soon() -> None:
    assert assess({"sees": ["unknown"]}).level.number >= 3


def test_a_floor_is_explained_when_it_counts() -> None:
    answers = QUIET | {"sees": ["website"], "people_at_risk": "yes", "services": ["water"]}
    found = assess(answers)
    assert found.score >= 90
    alone = assess(QUIET | {"sees": ["impersonation"], "people_at_risk": "yes"})
    assert alone.score >= 70


@given(KNOWN, st.sampled_from(sorted(WORSE)), st.data())
@settings(max_examples=200)
def test_a_worse_answer_never_lowers_the_score(
    answers: dict[str, Any], name: str, data: st.DataObject
) -> None:
    order = WORSE[name]
    better, worse = sorted(
        data.draw(st.lists(st.sampled_from(range(len(order))), min_size=2, max_size=2))
    )
    assert score(answers | {name: order[better]}) <= score(answers | {name: order[worse]})


@given(KNOWN, st.sampled_from(sorted(MULTI)), st.data())
@settings(max_examples=200)
def test_one_more_trouble_never_lowers_the_score(
    answers: dict[str, Any], name: str, data: st.DataObject
) -> None:
    more = data.draw(st.sampled_from(MULTI[name]))
    assume(more not in answers[name])
    assert score(answers) <= score(answers | {name: [*answers[name], more]})


@given(KNOWN, st.sampled_from(sorted({*WORSE, *MULTI} - {"sees"})))
@settings(max_examples=100)
def test_the_score_stays_on_its_scale(answers: dict[str, Any], blank: str) -> None:
    found = assess(relevant(Q, answers | {blank: None}))
    assert 0 <= found.score <= 100
    assert found.level == load_scale().level(found.score)
    assert found.level.from_score <= found.score


@pytest.mark.parametrize(
    ("at", "stix"), [(0, 15), (29, 15), (30, 40), (49, 40), (50, 70), (89, 70), (90, 95), (100, 95)]
)
def test_levels_are_the_bands_of_stix_criticality(at: int, stix: int) -> None:
    assert load_scale().level(at).stix == stix


def test_playbooks_read_the_level_in_their_own_words() -> None:
    assert [level.fact for level in load_scale().levels] == ["low", "medium", "high", "critical"]


def test_rules_name_answers_that_the_questionnaire_offers() -> None:
    scale = load_scale()
    grades = [
        grade for factor in scale.factors.values() for grade in (*factor.levels, factor.unknown)
    ]
    for ground in (*grades, *scale.floors):
        for question, option in ground.when.mentions() if ground.when else ():
            assert option in Q.questions[question].choices, f"{question}={option}"
