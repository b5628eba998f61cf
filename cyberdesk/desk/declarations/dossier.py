"""What declarations tell in the dossier of a case: what was answered, what was handed in."""

from sqlalchemy import select

from cyberdesk.core.access import Actor
from cyberdesk.core.db import session
from cyberdesk.core.text import _
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.declarations import service
from cyberdesk.desk.declarations.models import Declaration
from cyberdesk.desk.dossier.parts import Facts, Section, moment
from cyberdesk.desk.dossier.sections import Chapter
from cyberdesk.desk.dossier.sections.evidence import HASHES, file_entry


def declared(_actor: Actor, case: Case) -> Section:
    found = session().scalar(select(Declaration).where(Declaration.id == case.declaration_id))
    if found is None:
        return Section(_("What was declared"))
    told = service.form_of(found).told(found.answers)
    pairs = [(one.label, ", ".join(one.said)) for one in told]
    return Section(_("What was declared"), [Facts([(_("Sent"), moment(found.sent_at)), *pairs])])


def handed_in(actor: Actor, case: Case) -> Section:
    """The victim's own files; the desk, which sees all of them, has its own chapter."""
    if actor.may("evidence:read", case.place()):
        return Section(_("Files"))
    found = service.files_of_case(actor, case)
    return Section(_("Files"), [file_entry(one) for one in found], HASHES)


CHAPTERS = (
    Chapter("declared", 20, "declaration:read", declared),
    Chapter("handed-in", 70, "case:read", handed_in),
)
