"""Printing a case: every dossier is journalled with its hash, since it leaves the house."""

import hashlib

from cyberdesk.core import clock, letters
from cyberdesk.core.access import Actor, allowed
from cyberdesk.core.audit import note, recorded
from cyberdesk.core.errors import NotFoundError
from cyberdesk.core.text import _, bilingual, language
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases.models import Case, CaseEnding
from cyberdesk.desk.documents import render
from cyberdesk.desk.dossier.letters import letter_data
from cyberdesk.desk.dossier.parts import moment
from cyberdesk.desk.dossier.sections import chapters


@allowed("dossier:print")
@recorded("dossier:print", about="case")
def print_dossier(actor: Actor, case: Case) -> bytes:
    """Return the dossier of `case` as PDF, with what `actor` may read, in their language."""
    centre, title = letters.letterhead().centre, bilingual(case.title)
    by = _("Printed on %(when)s by %(name)s", when=moment(clock.now()), name=actor.name or centre)
    data = {
        "title": str(_("Dossier %(reference)s", reference=case.reference)),
        "issuer": centre,
        "about": title,
        "organisation": case.organisation.name,
        "printed": str(by),
        "contents": str(_("Contents")),
        "sections": [section.data() for section in chapters(actor, case)],
        "foot": f"{case.reference} · {centre}",
    }
    paper = render("dossier", data, language(), exercise=case.exercise)
    note(sha256=hashlib.sha256(paper).hexdigest(), bytes=len(paper))
    return paper


@allowed("case:read", on="case")
def print_letter(actor: Actor, case: Case, ending: CaseEnding) -> bytes:
    """Return the letter of an ending as PDF, the very words that the commune was sent."""
    assert actor
    return render("letter", letter_data(ending), "fr", exercise=case.exercise)


def last_ending(actor: Actor, case: Case) -> CaseEnding:
    """Return how the case ended last. Raises NotFoundError while it has not."""
    found = next(iter(cases.endings(actor, case)), None)
    if found is None:
        raise NotFoundError(_("This case has no letter yet."))
    return found
