"""What was kept: files with their hashes, and what was seen of the attack."""

from cyberdesk.core.access import Actor
from cyberdesk.core.files.models import StoredFile
from cyberdesk.core.text import _, language
from cyberdesk.core.web.formatting import size
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.dossier.parts import Entry, Section, moment
from cyberdesk.desk.dossier.sections.chapters import Chapter
from cyberdesk.desk.evidence import service as evidence
from cyberdesk.desk.intel import service as intel
from cyberdesk.desk.intel.marking import LEVELS
from cyberdesk.desk.intel.models import StixObject
from cyberdesk.desk.intel.showing import face

HASHES = _("SHA-256 of each file as it was received: whoever has the file can check that it is it.")


def files(actor: Actor, case: Case) -> Section:
    found = evidence.files_of(actor, case)
    return Section(_("Files"), [file_entry(one) for one in found], HASHES)


def file_entry(one: StoredFile) -> Entry:
    """Tell a file: its given name, its size, when it came, its hash."""
    told = f"{size(one.size, language())} · {one.media_type} · {moment(one.created_at)}"
    return Entry(one.label or _("without a name"), told, code=one.sha256.hex())


def observables(actor: Actor, case: Case) -> Section:
    """What counts, taken apart; what was withdrawn is in the chronology."""
    held = [one for one in intel.objects_of(actor, case) if not one.is_indicator]
    entries = [_observable(one) for one in held if one.retracted_at is None and one.value.text]
    return Section(_("Observables"), entries, _("Taken apart, so that nobody goes there."))


def _observable(one: StixObject) -> Entry:
    drawn = face(one.value)
    meta = f"{LEVELS[one.tlp].name} · {one.added_by_name}, {moment(one.added_at)}"
    return Entry(drawn.kind, meta, one.note, drawn.defanged)


CHAPTERS = (
    Chapter("files", 70, "evidence:read", files),
    Chapter("observables", 75, "observable:read", observables),
)
