"""Duties and their clocks, on cases that a commune may live."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from cyberdesk.strands.cyber.calendar import PARIS, Duration
from cyberdesk.strands.cyber.contacts import load_contacts
from cyberdesk.strands.cyber.content import Certainty
from cyberdesk.strands.cyber.facts import facts, load_facts
from cyberdesk.strands.cyber.obligations import (
    DueClock,
    LegalSettings,
    Obligation,
    due_clocks,
    load_obligations,
)
from cyberdesk.strands.cyber.questionnaire import load_questionnaire
from cyberdesk.strands.cyber.taxonomy import load_attack_types

AWARE = datetime(2026, 11, 23, 6, 43, tzinfo=UTC)  # Monday 07:43 in Paris
RANSOMWARE: dict[str, Any] = {
    "sees": ["ransom_note"],
    "insured": "yes",
    "data": ["residents"],
    "services": ["civil_status", "payroll"],
    "machines": "all",
    "election_near": "no",
}
UNCHECKED = LegalSettings()
IN_FORCE = LegalSettings(nis2="in_force")
COMMUNE = {"serves_others": False, "nis2_category": "none"}


def clocks(
    answers: dict[str, Any],
    settings: LegalSettings = UNCHECKED,
    *,
    events: dict[Any, datetime] | None = None,
    **known: Any,
) -> dict[str, DueClock]:
    found = due_clocks(facts(answers, **COMMUNE | known), events or {"awareness": AWARE}, settings)
    return {clock.obligation.name: clock for clock in found}


def test_a_ransomware_starts_three_clocks_of_72_hours_from_the_same_instant() -> None:
    found = clocks(RANSOMWARE, IN_FORCE, nis2_category="essential")
    due = AWARE + timedelta(hours=72)
    for name in ("gdpr_notify", "complaint", "nis2_notification"):
        assert (found[name].verdict, found[name].due_at) == ("applies", due)
    assert found["nis2_early_warning"].due_at == AWARE + timedelta(hours=24)


def test_the_insurer_has_five_working_days() -> None:
    due = clocks(RANSOMWARE)["insurer_claim"].due_at
    assert due is not None
    assert due.astimezone(PARIS) == datetime(2026, 11, 30, 23, 59, tzinfo=PARIS)


def test_72_hours_over_the_change_of_hour() -> None:
    friday = datetime(2026, 10, 23, 16, 0, tzinfo=PARIS)
    due = clocks(RANSOMWARE, events={"awareness": friday})["gdpr_notify"].due_at
    assert due == datetime(2026, 10, 26, 15, 0, tzinfo=PARIS)


def test_without_insurance_no_complaint_is_due_but_the_prosecutor_is() -> None:
    found = clocks(RANSOMWARE | {"insured": "no"})
    assert "complaint" not in found
    assert "insurer_claim" not in found
    assert found["prosecutor"].at_once


def test_insurance_not_known_is_to_be_checked_and_its_clock_runs() -> None:
    clock = clocks(RANSOMWARE | {"insured": "unknown"})["complaint"]
    assert (clock.verdict, clock.unknown) == ("to_verify", ("insured",))
    assert clock.due_at == AWARE + timedelta(hours=72)


def test_nis2_is_never_certain_until_the_operator_has_checked_the_law() -> None:
    found = clocks(RANSOMWARE, nis2_category="essential")
    assert found["nis2_early_warning"].verdict == "to_verify"
    assert found["nis2_early_warning"].unknown == ("nis2_law",)


@pytest.mark.parametrize(
    ("settings", "category"),
    [
        (LegalSettings(nis2="not_in_force"), "essential"),
        (IN_FORCE, "none"),
        (LegalSettings(), "none"),
    ],
)
def test_nis2_leaves_alone_who_is_out_of_scope(settings: LegalSettings, category: str) -> None:
    found = clocks(RANSOMWARE, settings, nis2_category=category)
    assert not [name for name in found if name.startswith("nis2")]


def test_the_final_report_runs_from_the_notification() -> None:
    before = clocks(RANSOMWARE, IN_FORCE, nis2_category="important")
    assert "nis2_final" not in before, "it is not due at once: its month has not begun"
    notified = datetime(2027, 1, 31, 10, 0, tzinfo=PARIS)
    events = {"awareness": AWARE, "nis2_notified": notified}
    after = clocks(RANSOMWARE, IN_FORCE, events=events, nis2_category="important")["nis2_final"]
    assert after.event == "nis2_notified"
    assert after.due_at == datetime(2027, 2, 28, 10, 0, tzinfo=PARIS)


def test_an_intermediate_report_exists_only_once_it_is_asked_for() -> None:
    assert "nis2_intermediate" not in clocks(RANSOMWARE, IN_FORCE, nis2_category="essential")
    events = {"awareness": AWARE, "authority_request": AWARE + timedelta(days=2)}
    assert "nis2_intermediate" in clocks(
        RANSOMWARE, IN_FORCE, events=events, nis2_category="essential"
    )


def test_a_care_home_reports_without_delay_from_discovery() -> None:
    events = {"awareness": AWARE, "discovery": AWARE - timedelta(hours=2)}
    clock = clocks(RANSOMWARE | {"services": ["care_home"]}, events=events)["health_report"]
    assert (clock.event, clock.due_at, clock.at_once) == ("discovery", None, True)
    assert clock.ends_at == AWARE + timedelta(hours=2)


def test_a_false_transfer_calls_the_accountant_within_the_hour() -> None:
    found = clocks({"sees": ["wrong_transfer"], "transfer_state": "paid_today", "data": ["none"]})
    assert found["transfer_recall"].guide_at == AWARE + timedelta(hours=1)
    assert "gdpr_notify" not in found
    first = due_clocks(
        facts({"sees": ["wrong_transfer"]}, **COMMUNE), {"awareness": AWARE}, LegalSettings()
    )[0]
    assert first.obligation.name == "transfer_recall"


def test_a_stolen_encrypted_laptop() -> None:
    found = clocks(
        {
            "sees": ["lost_device"],
            "device_how": "stolen",
            "device_locked": "encrypted",
            "data": ["none"],
            "insured": "no",
        }
    )
    assert found["insurer_theft"].due_at == datetime(2026, 11, 25, 22, 59, tzinfo=UTC)
    assert "complaint" not in found


def test_a_strange_mail_only_received_brings_no_legal_duty() -> None:
    found = clocks(
        {
            "sees": ["strange_mail"],
            "message_did": ["received"],
            "data": ["none"],
            "services": ["none"],
            "insured": "yes",
            "election_near": "no",
        }
    )
    assert not [
        c for c in found.values() if c.obligation.force == "must" and c.verdict == "applies"
    ]


def test_a_supplier_hit_must_tell_the_authority() -> None:
    answers = {"sees": ["warned"], "warning_who": ["supplier_hit"], "data": ["staff"]}
    known = AWARE - timedelta(hours=20)
    clock = clocks(answers, events={"awareness": AWARE, "processor_awareness": known})[
        "gdpr_processor"
    ]
    assert (clock.verdict, clock.starts_at) == ("applies", known)
    assert clocks(answers)["gdpr_processor"].event == "awareness"


def test_police_footage_is_notified_apart() -> None:
    assert clocks(RANSOMWARE | {"data": ["police"]})["police_files"].due_at == AWARE + timedelta(
        hours=72
    )


def test_without_awareness_nothing_runs_yet() -> None:
    found = due_clocks(facts(RANSOMWARE, **COMMUNE), {}, LegalSettings())
    assert found
    assert all(clock.ends_at is None and clock.reminders == () for clock in found)


def test_reminders_come_before_the_end() -> None:
    clock = clocks(RANSOMWARE)["gdpr_notify"]
    assert [clock.due_at - at for at in clock.reminders] == [
        timedelta(hours=h) for h in (48, 24, 6, 1)
    ]  # type: ignore[operator]


def test_facts_corrected_by_a_responder_win() -> None:
    assert "gdpr_notify" not in clocks(RANSOMWARE, personal_data=False)


def test_a_fact_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(KeyError):
        facts({}, weather=True)


def test_a_confirmed_kind_settles_what_the_answers_leave_open() -> None:
    answers: dict[str, Any] = {"sees": ["website"], "site_what": ["down"], "insured": "yes"}
    assert clocks(answers)["complaint"].verdict == "to_verify"
    assert clocks(answers, confirmed="denial_of_service")["complaint"].verdict == "applies"


def test_what_a_kind_implies_are_facts() -> None:
    for kind in load_attack_types().values():
        assert set(kind.implies) <= set(load_facts()), kind.name


def test_triggers_over_unknown_facts_are_refused() -> None:
    raw = load_obligations()["gdpr_notify"].model_dump() | {"trigger": "weather == true"}
    with pytest.raises(ValidationError):
        Obligation.model_validate(raw | {"within": "72h", "remind": []})


def test_what_was_not_re_read_is_marked() -> None:
    marked = {d.name for d in load_obligations().values() if d.certainty is Certainty.TO_VERIFY}
    assert marked == {
        "prosecutor",
        "police_files",
        "elections",
        "certificates",
        "prefecture",
        "cert_fr",
    }


def test_contacts_without_a_sure_number_say_so() -> None:
    contacts = load_contacts()
    assert contacts["csirt"].certainty is Certainty.TO_VERIFY
    assert contacts["cert_fr"].certainty is Certainty.TO_VERIFY
    assert contacts["police"].phone == "17"


def test_fact_rules_name_answers_that_the_questionnaire_offers() -> None:
    questions = load_questionnaire().questions
    for sheet in load_facts().values():
        for rule in (sheet.yes, sheet.no):
            for question, option in rule.mentions() if rule else ():
                assert option in questions[question].choices, f"{sheet.name}: {question}={option}"


FACT = st.fixed_dictionaries(
    {
        name: st.sampled_from([True, False, None])
        for name, sheet in load_facts().items()
        if not sheet.choices
    }
)


@given(
    FACT,
    st.sampled_from(["essential", "important", "none", None]),
    st.sampled_from(["not_confirmed", "in_force", "not_in_force"]),
)
@settings(max_examples=100)
def test_finding_out_never_brings_a_duty_that_was_not_announced(
    known: dict[str, Any], category: str | None, law: Any
) -> None:
    """Whatever is still unknown, each duty that may come out of it is already on the list."""
    events: dict[Any, datetime] = {"awareness": AWARE}
    before = {
        c.obligation.name
        for c in due_clocks(known | {"nis2_category": category}, events, LegalSettings(nis2=law))
    }
    for answer in (True, False):
        told = {name: answer if value is None else value for name, value in known.items()}
        after = due_clocks(told | {"nis2_category": category}, events, LegalSettings(nis2=law))
        assert {c.obligation.name for c in after} <= before


# The rows that a French commune must have before it: our name, the law's delay, how sure it is.
ROWS = {
    "gdpr_notify": ("72h", True),
    "gdpr_register": (None, True),
    "gdpr_people": (None, True),
    "gdpr_processor": (None, True),
    "complaint": ("72h", True),
    "insurer_claim": ("5 working days", True),
    "insurer_theft": ("2 working days", True),
    "prosecutor": (None, False),
    "nis2_early_warning": ("24h", True),
    "nis2_notification": ("72h", True),
    "nis2_intermediate": (None, True),
    "nis2_final": ("1 month", True),
    "nis2_users": (None, True),
    "health_report": (None, True),
    "police_files": ("72h", False),
    "transfer_recall": (None, True),
    "civil_status": (None, True),
    "elections": (None, False),
    "certificates": (None, False),
    "prefecture": (None, False),
    "csirt": (None, True),
    "seventeen_cyber": (None, True),
    "cert_fr": (None, False),
    "no_ransom": (None, True),
    "evidence": (None, True),
}


def test_every_duty_is_there_with_its_delay_its_law_and_its_sources() -> None:
    duties = load_obligations()
    assert set(duties) == set(ROWS)
    for name, (within, certain) in ROWS.items():
        duty = duties[name]
        delay = Duration.parse(within) if within else None
        assert (duty.within, duty.is_certain) == (delay, certain), name
        assert duty.legal.fr, name
        assert duty.content, name
        assert duty.sources, name
        assert bool(duty.setting == "nis2") is name.startswith("nis2"), name
        assert duty.within is None or duty.remind, f"{name}: nobody would be reminded"
