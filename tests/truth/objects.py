"""What each part of an address stands for, and what is sent to each route.

A new route whose address holds a part of a new name needs a line in `PARTS`; one whose object is
another than that name says needs its endpoint there too. What a POST sends is in `SENT`: enough to
get past the form, so that the right behind it is asked for. Without a line, an empty form is sent.
"""

from collections.abc import Mapping
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from cyberdesk.core.ids import new_id, new_reference
from tests.truth.world import World

PLACES = ("north", "south", "campus", "absent")

# Part of an address → what of a place it is (`world.py`). A room or an endpoint before it: for them.
PARTS: Mapping[str, str] = {
    "reference": "reference",
    "task_id": "task",
    "clock_id": "clock",
    "run_id": "run",
    "playbooks.signal.run_id": "told",
    "message_id": "failed",
    "object_id": "observable",
    "file_id": "file",
    "link_id": "link",
    "way_id": "way",
    "view_id": "view",
    "draft_id": "playbook draft",
    "publisher_id": "publisher",
    "organisation_id": "organisation",
    "person_id": "contact",
    "people.person_id": "person",
    "membership_id": "membership",
    "invitation_id": "invitation",
    "token_id": "token",
    "session_id": "session",
}

_OF_PEOPLE = {"person", "membership", "invitation", "organisation", "token", "session", "view"}
_OF_PEOPLE |= {"playbook draft", "publisher"}  # of those who write, whichever strand they work in

# Parts that name no object: the same for everybody.
FIXED: Mapping[str, str] = {
    "tab": "timeline",
    "cases.part.name": "contacts",
    "space.part.name": "todo",
    "page": "sees",
    "api.about.part": "cases",
    "token": "unknown-token",
    "filename": "nothing.css",
    "strand": "cyber",
    "connectors.name": "mail",
    "connectors.action": "send",
    "playbooks.name": "ransomware",
    "api_playbooks.name": "ransomware",
    "api_playbooks.version": "sha256:",
    "playbooks.signal.name": "provider.report",
    "fact": "insured",
    "playbooks.version": "latest",
    "entry": "1",
    "seq": "0",
}

_WHY = {"reason": "Il le faut.", "seen": ""}
SENT: Mapping[str, Mapping[str, str]] = {
    "cases.write": {"body": "Bonjour", "seen": ""},
    "cases.note": {"body": "Note", "seen": ""},
    "cases.end_link": _WHY,
    "cases.do_answer-escalation": _WHY,
    "cases.do_escalate": _WHY,
    "cases.do_release": _WHY,
    "cases.do_reopen": _WHY,
    "cases.do_computed-severity": _WHY,
    "cases.do_unmerge": _WHY,
    "cases.do_severity": _WHY | {"to": "4"},
    "cases.do_chronicle": {"at": "2026-01-05T08:00", "words": "Premier accès", "seen": ""},
    "cases.do_person": {"role": "it", "name": "Ada", "seen": ""},
    "cases.do_call": {"role": "it", "outcome": "reached", "seen": ""},
    "cases.person": {"name": "Ada", "seen": ""},
    "clocks.awareness": {"at": "2026-01-05T08:00", "words": ""},
    "clocks.done": {"at": "2026-01-05T08:00", "proof": "Reçu 12"},
    "clocks.exclude": {"reason": "Hors sujet"},
    "tasks.answer": {"answer": "done"},
    "space.answer": {"answer": "done"},
    "space.thread": {"body": "Bonjour"},
    "space.people": {"role": "member", "label": "Zoé"},
    "cases.save_view": {"name": "Vue", "query": ""},
    "organisations.new": {"kind": "association", "name": "Les Amis", "code": ""},
    "api_cases.send_message": {"body": "Bonjour"},
    "api_cases.add_note": {"body": "Note"},
    "api_cases.escalate_case": {"reason": "Il le faut."},
    "api_cases.release_case": {"reason": "Il le faut."},
    "api_cases.reopen_case": {"reason": "Il le faut."},
    "api_tasks.answer_task": {"answer": "done"},
    "intel.withdraw": _WHY,
    "intel.restore": _WHY,
    "api_playbooks.signal_run": {"name": "a.b", "id": "truth-0001"},
    "api_playbooks.start_run": {"playbook": "supplier"},
    "api_playbooks.check_playbook": {"text": "playbook: ["},
    "api_playbooks.import_playbook": {"text": "playbook: ours"},
    "playbooks.do_cancel": {"reason": "Il le faut."},
    "playbooks.do_migrate": {"reason": "Il le faut.", "to": "sha256:0"},
    "playbooks.do_pause": {"reason": "Il le faut."},
    "playbooks.draft": {"source": "playbook: [", "number": "1"},
    "playbooks.check_draft": {"source": "playbook: [", "number": "1"},
    "playbooks.retire": {"reason": "Il le faut."},
    "playbooks.trust_publisher": {"name": "CSIRT", "pem": "no key"},
    "playbooks.set_secret": {"name": "soc", "hosts": "fw.example", "token": "t"},
    "playbooks.give_up": {"reason": "Il le faut."},
    "playbooks.signal": {"once": "truth-0001", "reason": "Reçu ce matin."},
    "cyber.correct": _WHY | {"said": "unknown"},
    "api_cyber.correct_fact": {"said": "unknown", "reason": "Il le faut."},
    "frame.theme": {"theme": "dark", "back": "/"},
}


class UnknownPartError(LookupError):
    """A part of an address that nothing is known of."""


def values(world: World, rule: Rule, place: str, absent: Mapping[str, Any]) -> dict[str, Any]:
    """Return what stands in the address of `rule` for the things of `place`."""
    found = {}
    for part in rule.arguments:
        thing, fixed = known(rule.endpoint, part)
        held = world.held.get(place, {}).get(thing)
        found[part] = fixed or (absent[thing] if held is None else held)
    return found


def named(rule: Rule) -> bool:
    """Say whether the address of `rule` names an object that is somebody's."""
    return any(known(rule.endpoint, part)[0] for part in rule.arguments)


def hangs_on_a_case(app: Flask, endpoint: str) -> bool:
    """Say whether the object of `endpoint` is a case, or belongs to one."""
    rules = app.url_map.iter_rules(endpoint)
    return not _OF_PEOPLE & {known(endpoint, part)[0] for rule in rules for part in rule.arguments}


def nothing() -> dict[str, Any]:
    """Return ids of the right form that nothing has."""
    return {name: new_id() for name in set(PARTS.values())} | {"reference": new_reference()}


def known(endpoint: str, part: str) -> tuple[str, str]:
    """Return what of a place `part` is, or what it is for everybody. Raises UnknownPartError."""
    room = endpoint.rpartition(".")[0]
    for name in (f"{endpoint}.{part}", f"{room}.{part}", part):
        if name in FIXED:
            return "", FIXED[name]
        if name in PARTS:
            return PARTS[name], ""
    raise UnknownPartError(
        f"{endpoint}: what is <{part}>? Add it to PARTS in tests/truth/objects.py (and what it "
        "is to world.py), or to FIXED when it names nobody's object"
    )
