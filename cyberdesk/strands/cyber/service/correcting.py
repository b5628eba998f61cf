"""Correcting a fact of a case: the answers stay as given, what is known goes on from here."""

from typing import Any

from cyberdesk.core import clock
from cyberdesk.core.access import Actor, allowed
from cyberdesk.core.audit import note, recorded
from cyberdesk.core.db import session
from cyberdesk.core.errors import ConflictError, InvalidError, NotFoundError
from cyberdesk.core.events import events
from cyberdesk.core.text import Text, _
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.cases.service.locking import lock_open
from cyberdesk.desk.clocks import service as clocks
from cyberdesk.strands.cyber.case_facts import facts_of
from cyberdesk.strands.cyber.facts import FactSheet, load_facts, spoken
from cyberdesk.strands.cyber.models import FactCorrection, Triage
from cyberdesk.strands.cyber.service.triages import hand, held_triage, requalify
from cyberdesk.strands.cyber.weighing import TOLD

_LONGEST = 2_000


@allowed("fact:correct")
@recorded("fact:correct", about="case")
def correct(
    actor: Actor, case: Case, *, fact: str, said: str, reason: str, seen: str | None = None
) -> Triage:
    """Say that a fact is another than it was told; severity, deadlines and playbooks follow.

    `said` is yes, no, unknown, one of the fact's choices, or `told` to take a correction back.
    `seen` is what the person's page showed of the fact. Raises NotFoundError for an unknown fact,
    InvalidError, ConflictError when it says so already or was corrected meanwhile.
    """
    sheet = load_facts().get(fact)
    if case.strand != "cyber" or sheet is None or not sheet.is_open_to_correction:
        raise NotFoundError(_("There is no such fact of this case."))
    lock_open(case)
    found = held_triage(case)
    before = spoken(facts_of(case)[fact])
    _refuse(sheet, said, reason)
    _refuse_what_stands(found, sheet, said, before, seen)
    row = FactCorrection(fact=fact, before=before, said=said, **_of(actor, case))
    row.reason = reason.strip()
    _keep(found, row)
    after = spoken(facts_of(case)[fact])
    note(fact=fact, before=before, after=after)
    facts = {"fact": fact, "before": before, "after": after, "back": said == TOLD}
    cases.tell(actor, case, "fact:corrected", facts=facts, words=reason.strip())
    if case.declaration_id:
        requalify(actor, case, found)
    clocks.refresh(actor, case)
    clocks.lapse(hand(actor, case, "clock:exclude"), case)
    events.emit("case:facts", case=case, actor=actor)
    return found


def _of(actor: Actor, case: Case) -> dict[str, Any]:
    by = {"at": clock.now(), "author_name": actor.name}
    return {"key_id": case.key_id, "case": case, "case_id": case.id} | by


def _keep(found: Triage, row: FactCorrection) -> None:
    standing = {name: held for name, held in found.corrected.items() if name != row.fact}
    found.corrected = standing if row.said == TOLD else standing | {row.fact: row.said}
    session().add(row)
    session().flush()


def _refuse(sheet: FactSheet, said: str, reason: str) -> None:
    wrong: dict[str, list[Text]] = {}
    if said not in (*sheet.answers, TOLD):
        wrong["said"] = [_("Choose one of the answers.")]
    if not reason.strip():
        wrong["reason"] = [_("Say who told you, or what shows it.")]
    if len(reason) > _LONGEST:
        wrong["reason"] = [_("At most %(count)s characters fit here.", count=_LONGEST)]
    if wrong:
        raise InvalidError(_("Nothing is corrected yet."), fields=wrong)


def _refuse_what_stands(
    found: Triage, sheet: FactSheet, said: str, before: str, seen: str | None
) -> None:
    if seen and seen != before:
        raise ConflictError(
            _("Somebody corrected this while you were reading."),
            hint=_("Look at what the case says now, then decide again."),
        )
    held = found.corrected.get(sheet.name)
    if said == held or (said == TOLD and held is None) or (held is None and said == before):
        raise ConflictError(_("The case says so already."))
