"""Sending: in one transaction the declaration becomes a case that somebody already works on."""

from datetime import timedelta
from uuid import UUID

from cyberdesk.core import clock
from cyberdesk.core.access import Actor, ActorKind, allowed
from cyberdesk.core.access.models import Organisation
from cyberdesk.core.audit import record
from cyberdesk.core.crypto import vault
from cyberdesk.core.db import keep, seeing, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.errors import InvalidError
from cyberdesk.core.events import events
from cyberdesk.core.files import service as files
from cyberdesk.core.text import _
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.declarations.intake import Form, Intake, intake_of
from cyberdesk.desk.declarations.models import SENT, Declaration
from cyberdesk.desk.declarations.service.answering import form_of
from cyberdesk.desk.declarations.service.awareness import tell_awareness
from cyberdesk.desk.declarations.service.loading import hold

TOO_FAST = "too-fast"
_PROGRAMS = {ActorKind.TOKEN, ActorKind.SYSTEM}
_FASTEST = timedelta(seconds=15)  # nobody reads three screens and answers them sooner


@allowed("declaration:send")
def send(actor: Actor, declaration: Declaration) -> Case:
    """Open the case of the declaration and start what follows; sending twice is once.

    Raises InvalidError, by question, while a required answer is missing.
    """
    hold(declaration)
    if declaration.case_id is not None:
        return _opened(declaration.case_id)
    form, intake = form_of(declaration), intake_of(declaration.strand)
    _refuse_incomplete(form, declaration)
    with seeing(SYSTEM):
        relevant = form.relevant(declaration.answers)
        if relevant != declaration.answers:
            declaration.answers = relevant
        if actor.kind not in _PROGRAMS and clock.now() - declaration.started_at < _FASTEST:
            declaration.doubts = [*declaration.doubts, TOO_FAST]
        return _become_case(actor, declaration, intake)


def _opened(case_id: UUID) -> Case:
    """Return the case that was opened already, perhaps by a press of this very moment.

    It was not there when this request began, so that its reach does not hold it yet.
    """
    with seeing(SYSTEM):
        return session().get_one(Case, case_id)


def _become_case(actor: Actor, declaration: Declaration, intake: Intake) -> Case:
    organisation = declaration.organisation or _unlisted(declaration)
    case = intake.open_case(declaration, organisation)
    _tie(declaration, case, organisation)
    record(actor, "declaration:send", declaration, {"doubts": declaration.doubts})
    tell_awareness(actor, case, declaration, intake)
    intake.route(case, declaration)
    _hand_over(declaration, case)
    events.emit("declaration:submitted", declaration=declaration, case=case, actor=actor)
    return case


def _tie(declaration: Declaration, case: Case, organisation: Organisation) -> None:
    declaration.case, declaration.case_id = case, case.id
    declaration.organisation, declaration.organisation_id = organisation, organisation.id
    declaration.state, declaration.sent_at = SENT, clock.now()


def _hand_over(declaration: Declaration, case: Case) -> None:
    """Give the key and the files to the case, once all of it is written, in one flush."""
    session().flush()
    vault.hand_over(declaration.key_id, "case", case.id)
    files.adopt(declaration.id, case.id)


def _unlisted(declaration: Declaration) -> Organisation:
    """Make the organisation that was typed freely; nobody finds it before it is verified."""
    name = declaration.typed_name or str(_("Unknown organisation"))
    made = Organisation(
        kind="other",
        code=None,
        name=name,
        search="",  # no search by name leads to it
        siren=None,
        parent_id=None,
        population=None,
        facts={"verified": False},
        fictional=False,
        created_at=clock.now(),
    )
    session().add(keep(made))
    return made


def _refuse_incomplete(form: Form, declaration: Declaration) -> None:
    missing = form.missing(declaration.answers)
    if missing:
        raise InvalidError(
            _("An answer is still needed before this can be sent."),
            hint=_("Answer it, or choose “I do not know”."),
            fields={one.name: one.label for one in missing},
        )
