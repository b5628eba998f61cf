"""Handing a case to others as STIX: at a level, journalled, and never an exercise by mistake."""

import hashlib

from cyberdesk.core.access import Actor, allowed
from cyberdesk.core.audit import note as journalled
from cyberdesk.core.audit import recorded
from cyberdesk.core.crypto.vault import ErasedError
from cyberdesk.core.errors import ConflictError, ForbiddenError, InvalidError
from cyberdesk.core.text import _
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.intel.export import Bundle, compose
from cyberdesk.desk.intel.marking import Tlp
from cyberdesk.desk.intel.service.reaching import objects_of


@allowed("observable:export")
@recorded("observable:export", about="case")
def export_case(
    actor: Actor, case: Case, *, tlp: Tlp, exercise: bool = False, expected: str | None = None
) -> Bundle:
    """Return the case as a bundle for those whom `tlp` names; the journal keeps its hash.

    A case of an exercise leaves only when `exercise` says that this is known, and never outside.
    `expected` is the id of the bundle that a person has looked at: nothing else leaves then.
    Raises ForbiddenError, InvalidError, ConflictError.
    """
    made = _composed(actor, case, tlp, exercise=exercise)
    if expected and made.stix["id"] != expected:
        raise ConflictError(
            _("The case has changed since you looked."), hint=_("Look again at what would leave.")
        )
    digest = hashlib.sha256(made.text.encode()).hexdigest()
    journalled(
        bundle=made.stix["id"],
        sha256=digest,
        objects=dict(made.counts),
        stripped=len(made.stripped),
    )
    cases.tell(actor, case, "observable:exported", facts={"tlp": str(tlp)}, desk_only=True)
    return made


@allowed("observable:export")
def preview_export(actor: Actor, case: Case, *, tlp: Tlp, exercise: bool = False) -> Bundle:
    """Return what an export would hold, for the person who decides on it."""
    return _composed(actor, case, tlp, exercise=exercise)


def _composed(actor: Actor, case: Case, tlp: Tlp, *, exercise: bool) -> Bundle:
    _refuse_exercise(case, tlp, exercise=exercise)
    try:
        return compose(actor, case, objects_of(actor, case), tlp)
    except ErasedError:
        raise ConflictError(
            _("What this case held was erased: there is nothing left to share.")
        ) from None


def _refuse_exercise(case: Case, tlp: Tlp, *, exercise: bool) -> None:
    if exercise and not case.exercise:
        raise InvalidError(
            _("This case is real."), fields={"exercise": [_("It is not an exercise.")]}
        )
    if not case.exercise:
        return
    if tlp.outside:
        raise ForbiddenError(
            _("An exercise never leaves the house."),
            hint=_("Choose TLP:AMBER+STRICT or TLP:RED, for those who took part in it."),
        )
    if not exercise:
        raise InvalidError(
            _("This case is an exercise."),
            hint=_("Say that you export it as one: every object will be marked so."),
            fields={"exercise": [_("Confirm that this is an exercise.")]},
        )
