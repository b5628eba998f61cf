"""The shipped playbooks: sound, complete in every branch, and fit for who reads them."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from cyberdesk.desk.playbooks.simulate import MINUTE, Effect, Reply, Smooth
from cyberdesk.desk.playbooks.steps import Action, Call, Task, Wait
from cyberdesk.strands.cyber.taxonomy import load_attack_types, load_rsit
from tests.strands.cyber.rehearsal import Anybody, actions, checked, play, programs, ways

CASES = (
    "ransomware",
    "mail_account",
    "phishing",
    "denial_of_service",
    "transfer_fraud",
    "defacement",
    "data_leak",
    "intrusion",
    "edge_device",
    "supplier",
    "lost_device",
    "industrial",
    "insider",
    "impersonation",
    "cyber_generic",
    "cyber_question",
)
ATTACKS = CASES[:14]
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


def tasks() -> Iterator[tuple[str, Task]]:
    for program in programs().values():
        for step in program.steps.values():
            if isinstance(step, Task):
                yield program.name, step


def variants(task: Task) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield who reads the task and what they read: as written, and without IT staff."""
    as_written = {"task": task.title, **task.content}
    yield task.who, as_written
    no_it = task.content.get("no_it")
    if no_it:
        yield no_it.get("who", task.who), {**as_written, **no_it}


def texts(content: dict[str, Any]) -> Iterator[str]:
    yield content["task"]["fr"]
    for key in ("why", "how", "avoid", "evidence", "phone"):
        for text in content.get(key, []):
            yield text["fr"]


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


def test_what_machines_do_and_what_is_waited_for_has_a_name() -> None:
    for program in programs().values():
        for step in program.steps.values():
            if isinstance(step, Action | Wait):
                assert step.title["fr"] != step.title["en"], f"{program.name}: {step.key}"


def test_a_silent_commune_does_not_hold_up_the_responder() -> None:
    silent = dict.fromkeys(["unplug", "backups_offline", "crisis_cell", "decide_cut"])
    trace = play("ransomware", smooth("ransomware", answers={"hosts": 40}, replies=silent))
    opened = {c["path"].rpartition("/")[2] for c in trace.did("ask")}
    assert {"isolate", "keep_evidence", "no_pay"} <= opened
    assert trace.status == "running"
    assert trace.waiting


def test_an_alert_that_does_not_leave_is_phoned() -> None:
    lost = {"warn_peers": Effect("failed", permanent=True)}
    for name in ATTACKS:
        [call] = [task for of, task in tasks() if of == name and task.key == "call_back"]
        verdict = next(iter(call.ask["verdict"]["choices"]))
        trace = play(name, smooth(verdict, effects=lost))
        assert trace.status == "completed"
        if trace.did("act"):
            assert any(c["path"].endswith("warn_by_phone") for c in trace.did("ask")), name


def test_the_complaint_is_due_72_hours_after_the_organisation_knew() -> None:
    asked = play("ransomware", smooth("ransomware")).did("ask")
    complaint = next(a for a in asked if a["path"].endswith("complaint"))
    assert complaint["due"] == 1_795_676_400_000  # 2026-11-26T07:00:00Z


def test_each_attack_has_its_part_for_everybody_and_says_what_not_to_do() -> None:
    duties = [task for name, task in tasks() if name == "cyber_duties"]
    for name in ATTACKS:
        own = [task for of, task in tasks() if of == name]
        assert {task.who for task in own} >= {"commune", "provider", "responder", "lead", "mayor"}
        assert "dpo" in {task.who for task in [*own, *duties]}
        assert any(task.content.get("avoid") for task in own if task.who == "commune"), name
        called = [s.playbook for s in programs()[name].steps.values() if isinstance(s, Call)]
        assert "cyber_duties" in called, name


def test_each_attack_keeps_a_decision_with_its_limit_and_what_was_set_aside() -> None:
    for name in ATTACKS:
        notes = [task for of, task in tasks() if of == name and task.content.get("decision")]
        limited = [task for task in notes if len(task.ask) > 1]
        told = [t["fr"] for task in notes for t in task.content["how"]]
        assert limited, f"{name}: no decision says how far or until when"
        assert any("écart" in text for text in told), f"{name}: nothing keeps what was set aside"


def test_a_commune_alone_can_follow_every_task_of_the_provider() -> None:
    for name, task in tasks():
        if task.who == "provider":
            no_it = task.content.get("no_it")
            assert no_it, f"{name}: {task.key} says nothing to a commune without IT staff"
            assert no_it.get("who", "provider") in ("commune", "responder"), f"{name}: {task.key}"


def test_whoever_is_asked_learns_why_how_and_what_to_keep() -> None:
    for name, task in tasks():
        told = task.content.get("evidence") or task.ask
        assert task.content.get("why"), f"{name}: {task.key} does not say why"
        assert task.content.get("how"), f"{name}: {task.key} does not say how"
        assert told, f"{name}: {task.key} keeps nothing of what was done"


def test_who_answers_calls_at_night_reads_two_to_four_short_lines() -> None:
    for name, task in tasks():
        for who, content in variants(task):
            if who in ("responder", "lead"):
                assert 2 <= len(content["how"]) <= 4, f"{name}: {task.key}"


def test_a_responder_in_place_of_the_provider_is_told_how_to_have_it_done() -> None:
    """What is said to who holds the machines would mislead who can only call them."""
    for name, task in tasks():
        no_it = task.content.get("no_it", {})
        if no_it.get("who") == "responder":
            assert no_it.get("how"), f"{name}: {task.key}"
            assert no_it["how"] != task.content["how"], f"{name}: {task.key}"


def test_whoever_does_not_answer_is_looked_after() -> None:
    for name, task in tasks():
        if task.who not in {"responder", "lead"} and task.deadline:
            cared_for = task.deadline.breach or task.on_timeout
            assert cared_for, f"{name}: {task.key} may be late without anyone calling"


def test_a_decision_says_why_how_and_keeps_what_was_chosen() -> None:
    deciders = [
        (name, task)
        for name, task in tasks()
        if task.content.get("decision") and task.who == "mayor"
    ]
    assert len(deciders) >= 10
    for name, task in deciders:
        assert task.content.get("why") or task.ask, f"{name}: {task.key}"
        assert task.title["fr"].startswith(("Décider", "Reprendre")), f"{name}: {task.key}"


JARGON = re.compile(
    r"\b(VLAN|AD|IoC|C2|malware|MFA|VPN|DNS|SHA-256|SPF|DKIM|OAuth|token|jetons?|krbtgt|EDR|SOC|"
    r"RGPD|DPO|backup|logs?|IP|phishing|annuaire|TLP|remédiation|éradication)\b"
)
LONGEST_SENTENCE = 24  # words


def test_a_secretary_and_a_mayor_read_no_jargon() -> None:
    for name, task in tasks():
        for who, content in variants(task):
            if who in ("commune", "mayor"):
                for text in texts(content):
                    assert not JARGON.search(text), f"{name}: {task.key}: {text}"


def test_sentences_can_be_said_in_one_breath() -> None:
    for name, task in tasks():
        for _, content in variants(task):
            for text in texts(content):
                for sentence in re.split(r"(?<=[.!?:])\s", text):
                    words = len(sentence.split())
                    assert words <= LONGEST_SENTENCE, f"{name}: {task.key}: {sentence}"


def test_french_typography() -> None:
    for name, task in tasks():
        for _, content in variants(task):
            for text in texts(content):
                assert "'" not in text, f"{name}: {task.key}: write ’ in {text}"
                assert not re.search(r"[a-zé][!?;:](\s|$)", text), f"{name}: {task.key}: {text}"


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
