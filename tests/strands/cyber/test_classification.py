"""What answers look like."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cyberdesk.strands.cyber.classification import CERTAINTY_CAP, classify, load_signs
from cyberdesk.strands.cyber.questionnaire import Answers, load_questionnaire
from cyberdesk.strands.cyber.taxonomy import UNKNOWN, load_attack_types

Q = load_questionnaire()
CHOICES = {
    name: list(question.choices) for name, question in Q.questions.items() if question.options
}
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        name: st.lists(st.sampled_from(options), unique=True, min_size=1)
        for name, options in CHOICES.items()
    },
)


@pytest.mark.parametrize(
    ("answers", "first"),
    [
        ({"sees": ["ransom_note"]}, "ransomware"),
        ({"sees": ["ransom_note"], "ransom_theft": "yes"}, "ransomware"),
        (
            {"sees": ["nothing_opens"], "blocked_what": ["everything"], "backups": "hit"},
            "ransomware",
        ),
        ({"sees": ["mails_sent"]}, "mail_account"),
        ({"sees": ["wrong_transfer"], "transfer_state": "paid_today"}, "transfer_fraud"),
        ({"sees": ["strange_mail"], "message_did": ["received"]}, "phishing"),
        ({"sees": ["website"], "site_what": ["down"]}, "denial_of_service"),
        ({"sees": ["website"], "site_what": ["down", "claim"]}, "denial_of_service"),
        ({"sees": ["website"], "site_what": ["changed", "claim"]}, "defacement"),
        ({"sees": ["data_stolen"], "leak_who": ["press"]}, "data_leak"),
        (
            {"sees": ["data_stolen"], "leak_who": ["supplier"], "warning_who": ["supplier_hit"]},
            "supplier",
        ),
        ({"sees": ["lost_device"]}, "lost_device"),
        ({"sees": ["equipment"], "machinery_what": ["water"]}, "industrial"),
        ({"sees": ["other"], "something_what": ["insider"]}, "insider"),
        ({"sees": ["other"], "something_what": ["moves"]}, "intrusion"),
        ({"sees": ["warned"], "warning_who": ["edge"]}, "edge_device"),
        ({"sees": ["impersonation"], "person_how": ["fake_media"]}, "impersonation"),
        ({"sees": ["unknown"]}, UNKNOWN),
        ({}, UNKNOWN),
    ],
)
def test_the_likeliest_kind(answers: Answers, first: str) -> None:
    proposals = classify(answers)
    assert proposals[0].type == first
    assert proposals[0].reasons
    assert proposals[0].rsit == load_attack_types()[first].rsit


def test_every_kind_can_be_recognised() -> None:
    assert set(load_signs()) == set(load_attack_types()) - {UNKNOWN}


def test_signs_name_answers_that_the_questionnaire_offers() -> None:
    for name, signs in load_signs().items():
        for sign in [*signs.signs, *signs.against]:
            for question, option in sign.when.mentions():
                assert option in CHOICES[question], f"{name}: {question}={option}"


def test_a_password_given_away_proposes_the_mail_account_as_well() -> None:
    proposals = classify({"sees": ["strange_mail"], "message_did": ["password"]})
    assert [proposal.type for proposal in proposals] == ["phishing", "mail_account"]


def test_a_faint_idea_keeps_the_unknown_beside_it() -> None:
    proposals = classify({"sees": ["warned"], "warning_who": ["authority"]})
    assert [proposal.type for proposal in proposals] == ["intrusion", UNKNOWN]
    assert proposals[0].confidence + proposals[1].confidence == pytest.approx(1)


@given(ANSWERS)
@settings(max_examples=100)
def test_proposals_are_ordered_never_certain_and_never_empty(answers: Answers) -> None:
    proposals = classify(answers)
    named = [proposal for proposal in proposals if proposal.type != UNKNOWN]
    assert proposals
    assert [p.confidence for p in named] == sorted((p.confidence for p in named), reverse=True)
    assert all(0 < proposal.confidence <= 1 for proposal in proposals)
    assert all(proposal.confidence <= CERTAINTY_CAP for proposal in named)
    assert len({proposal.type for proposal in proposals}) == len(proposals)


def test_reasons_have_both_languages() -> None:
    for reason in classify({"sees": ["ransom_note"]})[0].reasons:
        assert reason.fr != reason.en
