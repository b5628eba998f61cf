"""The journal of the case, and by what it can be checked without this house."""

from cyberdesk.core.access import Actor
from cyberdesk.core.audit.authors import author_of
from cyberdesk.core.audit.checkpoints import latest, signer
from cyberdesk.core.audit.wording import in_words
from cyberdesk.core.db import seeing, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.text import _
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.dossier.parts import Entry, Part, Section, Table, moment
from cyberdesk.desk.dossier.sections.chapters import Chapter

_COLUMNS = [_("Number"), _("When"), _("Who"), _("What")]


def journal(actor: Actor, case: Case) -> Section:
    """Every act on the case and every reading of it, oldest first, then the last signed head."""
    rows = [
        ["" if one.seq is None else one.seq, moment(one.entry.at),
         author_of(one.entry.actor_kind, one.entry.actor_name),
         f"{in_words(one.entry.action)} ({one.entry.action})"]
        for one in reversed(cases.journal(actor, case))
    ]  # fmt: skip
    if not rows:
        return Section(_("Journal"))
    note = _(
        "Numbers are those of the whole journal. For any of them the centre hands out a proof, "
        "which cyberdesk audit verify checks offline with the public key below."
    )
    return Section(_("Journal"), [Table(_COLUMNS, (3, 5, 7, 7), rows), *_signed()], note)


def _signed() -> list[Part]:
    with seeing(SYSTEM):
        head = latest(session())
    key = Entry(_("Public key of the journal"), code=str(signer().verifier))
    if head is None:
        return [key]
    return [key, Entry(_("Last signed head"), moment(head.at), code=head.note.strip())]


CHAPTERS = (Chapter("journal", 90, "case:journal", journal),)
