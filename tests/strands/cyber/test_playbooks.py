"""The shipped playbooks: sound, complete in every branch, and ending as they should."""

import re
from typing import Any

import pytest

from cyberdesk.desk.playbooks.simulate import MINUTE, Effect, Reply, Smooth
from cyberdesk.desk.playbooks.steps import Call
from cyberdesk.strands.cyber.taxonomy import load_attack_types, load_rsit
from tests.strands.cyber.rehearsal import (
    ATTACKS,
    CASES,
    Anybody,
    actions,
    checked,
    play,
    programs,
    tasks,
    ways,
)

PARTS = ("cyber_duties", "cyber_continuity")
FACTS = {
    "case.organisation": "Val-Modèle",
    "case.aware_at": "2026-11-23T07:00:00Z",
    "case.it_staff": False,
    "case.insured": True,
    "case.type": "unknown",
}
USUAL = {
    "restoring": {},
    "decide_restart": {"restart": "yes"},
    "check_one": {"all_restored": True},
    "look": {"calm": True, "quiet": True, "steady": True},
    "daily_point": {"crisis_over": True},
    "ask_again": {"still_coming": False},
    "measure": {"under_attack": False},
    "check_site": {"filters_left": False},
    "check_done": {"more_to_do": False},
    "next_account": {"accounts_left": False},
    "follow_money.unknown.ask_bank": {"money_back": "back"},
    "decide_back": {"back": "yes"},
    "decide_reopen": {"reopen": "yes"},
    "decide_resume": {"resume": "yes"},
    "enough": {"doors_known": True},
    "chase_platform": {"removed": True},
}


def smooth(verdict: str, *, answers: dict[str, Any] | None = None, **more: Any) -> Smooth:
    call_back = {"call_back": {"verdict": verdict} | (answers or {})}
    return Smooth(FACTS, USUAL | call_back, **more)


def verdict_of(name: str) -> str:
    """Return what the call-back concludes when it is the attack that the playbook is for."""
    [call] = [task for of, task in tasks() if of == name and task.key == "call_back"]
    return str(next(iter(call.ask["verdict"]["choices"])))


def test_all_compile_and_pass_the_gate_without_a_finding() -> None:
    assert set(programs()) == {*CASES, *PARTS}
    for one in checked():
        assert one.good
        assert [finding.line(one.path, "en") for finding in one.findings] == []


def test_every_kind_of_attack_has_its_own_playbook() -> None:
    """The generic one is left only to what nobody has recognised yet."""
    for kind in load_attack_types().values():
        matching = programs()[kind.playbook].matching
        if kind.name == "unknown":
            assert kind.playbook == "cyber_generic"
        else:
            assert matching["types"] == [kind.name]
            assert kind.name == "question" or set(matching["rsit"]) <= set(kind.rsit), kind.name
    assert len(ATTACKS) == 14


def test_playbooks_name_kinds_and_rsit_types_that_exist() -> None:
    for program in programs().values():
        assert set(program.matching.get("types", [])) <= set(load_attack_types())
        assert set(program.matching.get("rsit", [])) <= set(load_rsit())


def test_the_generic_one_takes_every_case_and_comes_last() -> None:
    generic = programs()["cyber_generic"]
    assert set(generic.matching) == {"case"}
    assert generic.priority > max(programs()[name].priority for name in ATTACKS)
    assert not any(programs()[name].matching for name in PARTS)


def test_every_branch_is_played_and_every_case_comes_to_its_end() -> None:
    """Played together: a part is covered through the playbooks that call it."""
    names = {way: name for program in programs().values() for way, name in ways(program).items()}
    missing = set(names)
    for seed in range(1_500):
        unseen = {names[way].partition(":")[0] for way in missing}
        wanted = [name for name in CASES if name in unseen] or CASES
        name = wanted[seed % len(wanted)]
        trace = play(name, Anybody(seed, missing))
        assert trace.status == "completed", f"{name}, seed {seed}: {trace.waiting}"
        missing -= trace.ways
        if not missing:
            break
    assert sorted(names[way] for way in missing) == []


@pytest.mark.parametrize(
    ("name", "verdict", "outcome"),
    [
        ("ransomware", "ransomware", "restored"),
        ("ransomware", "false_alarm", "false_alarm"),
        ("mail_account", "inside", "mailbox_safe"),
        ("mail_account", "imitated", "spoofed"),
        ("phishing", "staff", "contained"),
        ("phishing", "harmless", "false_alarm"),
        ("denial_of_service", "flood", "back"),
        ("denial_of_service", "outage", "outage"),
        ("transfer_fraud", "fraud", "settled"),
        ("transfer_fraud", "another", "another_attack"),
        ("defacement", "defaced", "back_online"),
        ("data_leak", "claim", "closed_leak"),
        ("intrusion", "intrusion", "driven_out"),
        ("edge_device", "device", "door_closed"),
        ("supplier", "supplier", "reopened"),
        ("lost_device", "gone", "protected"),
        ("lost_device", "false_alarm", "false_alarm"),
        ("industrial", "attack", "under_control"),
        ("insider", "insider", "dealt_with"),
        ("impersonation", "targeted", "over"),
        ("cyber_generic", "attack", "handled"),
        ("cyber_generic", "question", "done"),
        ("cyber_question", "answered", "answered"),
        ("cyber_question", "attack", "another_procedure"),
    ],
)
def test_a_case_that_goes_well(name: str, verdict: str, outcome: str) -> None:
    trace = play(name, smooth(verdict))
    assert (trace.status, trace.outcome) == ("completed", outcome)


def test_the_first_thing_a_victim_of_ransomware_is_asked() -> None:
    asked = play("ransomware", smooth("ransomware")).did("ask")
    assert [(a["title"]["fr"], a["who"]) for a in asked[:2]] == [
        ("Débrancher le réseau, sans éteindre", "commune"),
        ("Rappeler Val-Modèle et lever le doute", "responder"),
    ]


def test_a_commune_that_does_not_answer_is_called() -> None:
    trace = play("ransomware", smooth("ransomware", replies={"unplug": Reply(after=90 * MINUTE)}))
    calls = [
        (at, c)
        for at, c in trace.commands
        if c["do"] == "ask" and c["path"].endswith("call_commune")
    ]
    begun = trace.commands[0][0]
    assert (calls[0][0] - begun).total_seconds() == 30 * 60
    assert trace.status == "completed"


def test_who_calls_is_told_for_what() -> None:
    trace = play("ransomware", smooth("ransomware", replies={"unplug": Reply(after=90 * MINUTE)}))
    [call] = [c for c in trace.did("ask") if c["path"].endswith("unplug.breach.call_commune")]
    assert call["title"] == {
        "fr": "Appeler Val-Modèle pour « Débrancher le réseau, sans éteindre »",
        "en": "Call Val-Modèle for “Unplug the network, leave the power on”",
    }


def test_a_silent_commune_does_not_hold_up_the_responder() -> None:
    silent = dict.fromkeys(["unplug", "backups_offline", "crisis_cell", "decide_cut"])
    trace = play("ransomware", smooth("ransomware", answers={"hosts": 40}, replies=silent))
    opened = {c["path"].rpartition("/")[2] for c in trace.did("ask")}
    assert {"isolate", "keep_evidence", "no_pay"} <= opened
    assert trace.status == "running"
    assert trace.waiting


@pytest.mark.parametrize(
    ("name", "answers", "silent", "done"),
    [
        ("intrusion", {"leaving": False, "encrypting": False}, "decide_posture", "isolate"),
        ("edge_device", {"exposed": True}, "decide_close", "close_edge"),
        ("supplier", {"linked": True, "who_hit": "editor"}, "decide_cut", "cut_links"),
    ],
)
def test_a_silent_mayor_does_not_leave_the_door_open(
    name: str, answers: dict[str, Any], silent: str, done: str
) -> None:
    trace = play(name, smooth(verdict_of(name), answers=answers, replies={silent: None}))
    opened = {re.split(r"[/.]", c["path"])[-1] for c in trace.did("ask")}
    assert done in opened
    assert trace.status == "completed"


def test_a_provider_that_is_hit_is_not_asked_to_cut_itself_off() -> None:
    hit = {"verdict": "supplier", "linked": True, "who_hit": "it_provider"}
    asked = opened("supplier", hit)
    assert "new_hands" in asked
    assert "cut_links" not in asked


def test_an_alert_that_does_not_leave_is_phoned() -> None:
    lost = {"warn_peers": Effect("failed", permanent=True)}
    for name in ATTACKS:
        trace = play(name, smooth(verdict_of(name), effects=lost))
        assert trace.status == "completed"
        if trace.did("act"):
            assert any(c["path"].endswith("warn_by_phone") for c in trace.did("ask")), name


def test_the_complaint_is_due_72_hours_after_the_organisation_knew() -> None:
    asked = play("ransomware", smooth("ransomware")).did("ask")
    complaint = next(a for a in asked if a["path"].endswith("complaint"))
    assert complaint["due"] == 1_795_676_400_000  # 2026-11-26T07:00:00Z


def test_a_second_procedure_asks_for_no_duty_of_the_law_again() -> None:
    for name in ATTACKS:
        calls = (step for step in programs()[name].steps.values() if isinstance(step, Call))
        done = {step.key: "completed" for step in calls}
        trace = play(name, smooth(verdict_of(name), joined=done))
        assert trace.status == "completed"
        assert trace.did("join"), name
        assert not any("legal_duties>" in c["path"] for c in trace.did("ask")), name


def test_actions_used_exist() -> None:
    assert "webhook.post" in actions()


def opened(name: str, answers: dict[str, Any], **facts: Any) -> set[str]:
    told = FACTS | {f"case.{key}": value for key, value in facts.items()}
    trace = play(name, Smooth(told, USUAL | {"call_back": answers}))
    assert trace.status == "completed"
    return {re.split(r"[/.]", command["path"])[-1] for command in trace.did("ask")}


def test_a_lost_laptop_is_locked_and_no_offence_but_a_stolen_one_is() -> None:
    lost = opened("lost_device", {"verdict": "gone", "stolen": False}, offence=False)
    assert "lock" in lost
    assert not lost & {"complaint", "complaint_advised", "theft_complaint"}
    assert {"theft_complaint", "theft_claim"} <= opened(
        "lost_device", {"verdict": "gone", "stolen": True}
    )


def test_what_may_be_an_offence_is_complained_of() -> None:
    for offence in (True, None):
        asked = opened("cyber_generic", {"verdict": "attack"}, offence=offence)
        assert {"complaint", "who_decides"} <= asked


def test_money_is_recalled_before_anything_else() -> None:
    trace = play("transfer_fraud", smooth("fraud", answers={"payment": "today"}))
    due = {re.split(r"[/.]", c["path"])[-1]: c.get("due") or 0 for c in trace.did("ask")}
    after_the_call = ("recall_money", "check_month", "decide_payments", "complaint")
    assert min(after_the_call, key=due.__getitem__) == "recall_money"
    assert "recall_money" not in opened("transfer_fraud", {"verdict": "fraud", "payment": "held"})


def test_an_intruder_is_watched_only_when_nothing_leaves_and_somebody_decided_it() -> None:
    leaving = opened("intrusion", {"verdict": "intrusion", "leaving": True})
    assert "isolate" in leaving
    assert not leaving & {"decide_posture", "map_quietly"}
    calm = {"verdict": "intrusion", "leaving": False, "encrypting": False}
    watching = USUAL | {"call_back": calm, "decide_posture": {"posture": "watch"}}
    trace = play("intrusion", Smooth(FACTS, watching))
    asked = {re.split(r"[/.]", c["path"])[-1] for c in trace.did("ask")}
    assert {"decide_posture", "map_quietly", "drive_out"} <= asked
    assert "isolate" not in asked


def test_a_false_claim_is_answered_and_no_one_is_told_their_data_are_out() -> None:
    told = USUAL | {"call_back": {"verdict": "claim"}, "check_sample": {"claim_true": False}}
    trace = play("data_leak", Smooth(FACTS, told))
    assert trace.outcome == "unfounded"
    assert not any("legal_duties" in c["path"] for c in trace.did("ask"))


def test_people_come_before_machines_where_equipment_may_hurt() -> None:
    asked = opened("industrial", {"verdict": "attack", "danger": True, "plant": "water"})
    assert {"call_112", "tell_prefecture_now", "water_alert"} <= asked
    safe = opened("industrial", {"verdict": "attack", "danger": False, "plant": "video"})
    assert not safe & {"call_112", "water_alert"}


def test_once_a_complaint_is_decided_nobody_looks_any_further() -> None:
    def after(given: str) -> set[str]:
        told = USUAL | {"call_back": {"verdict": "insider"}, "mandate": {"mandate_given": given}}
        trace = play("insider", Smooth(FACTS, told))
        return {re.split(r"[/.]", c["path"])[-1] for c in trace.did("ask")}

    assert {"freeze", "prosecutor_notice"} <= after("complain")
    assert "narrow_look" not in after("complain")
    assert "narrow_look" in after("look")


def test_a_site_alone_does_not_wake_the_prefecture_but_stopped_services_do() -> None:
    alone = opened("denial_of_service", {"verdict": "flood", "services_down": False})
    assert not alone & {"prefecture", "paper_services"}
    more = opened("denial_of_service", {"verdict": "flood", "services_down": True})
    assert {"prefecture", "paper_services"} <= more
