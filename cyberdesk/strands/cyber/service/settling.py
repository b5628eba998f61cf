"""Settling what triage proposed: the kind of attack, which a person confirms or changes."""

from collections.abc import Mapping
from typing import Any

from cyberdesk.core import clock
from cyberdesk.core.access import Actor, allowed, system
from cyberdesk.core.audit import note, recorded
from cyberdesk.core.errors import InvalidError, NotFoundError
from cyberdesk.core.text import Text, _, bilingual
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.cases.service.locking import lock_open
from cyberdesk.desk.clocks import service as clocks
from cyberdesk.desk.playbooks import service as playbooks
from cyberdesk.strands.cyber.models import Triage
from cyberdesk.strands.cyber.service.triages import hand, held_triage, requalify
from cyberdesk.strands.cyber.taxonomy import UNKNOWN, load_attack_types, load_rsit

_LONGEST = 2_000
_HOUSE = system("triage")


@allowed("triage:settle")
@recorded("triage:settle", about="case")
def settle(
    actor: Actor,
    case: Case,
    *,
    kind: str,
    rsit: str = "",
    reason: str = "",
    seen: int | None = None,
) -> Triage:
    """Say which kind of attack it is: title, RSIT type, facts and legal clocks follow it.

    `rsit` is `class/type`, the kind's first one when empty. A kind that triage did not put first
    needs its `reason`. What runs already is left alone: see `follow`. Raises InvalidError.
    """
    if case.strand != "cyber":
        raise NotFoundError(_("This case is not one of ours."))
    lock_open(case, seen)
    found = held_triage(case)
    _refuse(found, kind, rsit, reason)
    note(before=case.subject, after=kind)
    facts = {"kind": _label(kind), "before": _label(case.subject), "changed": case.subject != kind}
    found.settled_type, found.settled_rsit = kind, rsit or load_attack_types()[kind].rsit[0]
    found.settled_by, found.settled_at = actor.name, clock.now()
    cases.tell(actor, case, "triage:settled", facts=facts, words=reason.strip() or None)
    requalify(actor, case, found)
    clocks.refresh(actor, case)
    clocks.lapse(hand(actor, case, "clock:exclude"), case)
    return found


@allowed("triage:settle")
@recorded("triage:follow", about="case")
def follow(actor: Actor, case: Case, *, instead: bool) -> str | None:
    """Let the playbook of the case's kind begin unless it runs; return its title when it began.

    `instead`: those begun for another kind are ended, with that reason; their done work is kept.
    """
    wanted = playbooks.choose_playbook(case)
    running = [run for run in playbooks.runs_of(case) if run.is_open]
    if wanted is None or any(run.name == wanted.name for run in running):
        return None
    why = _("The kind of attack was settled: %(kind)s", kind=bilingual(_label(case.subject)))
    for run in running if instead else ():
        playbooks.cancel(_HOUSE, run, reason=str(why))  # part of this act, whoever may cancel else
    return bilingual(playbooks.start_run(actor, case, playbook=wanted.name, why=why).title)


def _refuse(found: Triage, kind: str, rsit: str, reason: str) -> None:
    wrong: dict[str, list[Text]] = {}
    if kind not in load_attack_types():
        wrong["kind"] = [_("Choose one of the list.")]
    if rsit and rsit not in load_rsit():
        wrong["rsit"] = [_("Choose one of the list.")]
    proposed = found.types[0]["type"] if found.types else kind
    if kind != proposed and not reason.strip():
        wrong["reason"] = [_("Another kind than the one proposed: say why.")]
    if len(reason) > _LONGEST:
        wrong["reason"] = [_("At most %(count)s characters fit here.", count=_LONGEST)]
    if wrong:
        raise InvalidError(_("The kind of attack is not settled yet."), fields=wrong)


def _label(kind: str | None) -> Mapping[str, str]:
    return _both(load_attack_types()[kind or UNKNOWN].label)


def _both(text: Any) -> dict[str, str]:
    return {"fr": text.fr, "en": text.en}
