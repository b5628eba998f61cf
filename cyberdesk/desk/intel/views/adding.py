"""Adding observables: what was pasted is read, shown, and kept only once a person has confirmed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template
from werkzeug.wrappers import Response

from cyberdesk.core.db.work import doom
from cyberdesk.core.errors import InvalidError, NotFoundError
from cyberdesk.core.text import _, plural
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.cases.views.door import reached
from cyberdesk.desk.intel import privacy, service
from cyberdesk.desk.intel.lookups import mark
from cyberdesk.desk.intel.marking import LEVELS, Level
from cyberdesk.desk.intel.models import OBSERVABLE, StixObject
from cyberdesk.desk.intel.proposing import harmless
from cyberdesk.desk.intel.reading import KINDS, Line, Pasted, Value, read_pasted
from cyberdesk.desk.intel.reading.lines import readable_as
from cyberdesk.desk.intel.showing import Face, bare, face, levels
from cyberdesk.desk.intel.sources import Written, written
from cyberdesk.desk.intel.views.door import door, tab_of
from cyberdesk.desk.intel.views.pasting import Sent, sent

Answer = Response | str | tuple[str, int]
_MOST_ASKED = 40  # lines of which the page asks what they are


@dataclass(frozen=True, slots=True)
class Offered:
    """A value that was read, to be confirmed."""

    face: Face
    level: Level
    ours: bool
    known: StixObject | None
    elsewhere: Sequence[Case]
    ticked: bool


@door.post("/cases/<reference>/observables/review", may="observable:add", endpoint="review")
def review(reference: str) -> Answer:
    case, given = reached(reference), sent()
    _source(case, given)
    try:
        read = read_pasted(given.text, given.said)
        if given.adds:
            return _add(case, given, read)
    except InvalidError as refusal:
        doom()
        return _page(case, given, _read_or_nothing(given), refusal), refusal.status
    return _page(case, given, read)


@door.post("/cases/<reference>/observables/set-aside", may="observable:add", endpoint="set_aside")
def set_aside(reference: str) -> Response:
    """Keep none of what a text proposes: it will not be proposed again."""
    case, given = reached(reference), sent()
    _source(case, given)
    done = service.set_aside(
        actor(),
        case,
        bare(read_pasted(given.text, given.said).values),
        reason=str(_("Proposed, and not kept")),
        source=given.source,
        source_id=given.source_id,
    )
    count = len(done.new)
    said = plural("One value is set aside.", "%(count)s values are set aside.", count)
    flash(str(said), "success")
    return redirect(tab_of(case))


def _add(case: Case, given: Sent, read: Pasted) -> Response:
    """Keep what was ticked, and what a person has just said the sort of."""
    told = {face(value).key for value in read_pasted(given.text).values}
    chosen = [
        value
        for value in read.values
        if (key := face(value).key) in given.keep or (given.offered and key not in told)
    ]
    if not chosen:
        nothing = _("Tick at least one value.")
        raise InvalidError(nothing, fields={"keep": [nothing]})
    done = service.add_observables(
        actor(),
        case,
        bare(chosen),
        marking=given.marking,
        note=given.note,
        source=given.source,
        source_id=given.source_id,
        **given.instants(),
    )
    flash(_told(done), "success")
    return redirect(tab_of(case))


def _told(done: service.Added) -> str:
    new, known = len(done.new), len(done.known)
    said = str(plural("One observable added.", "%(count)s observables added.", new))
    if known:
        more = plural("One was here already.", "%(count)s were here already.", known)
        said = f"{said} {more}"
    return said


def _page(case: Case, given: Sent, read: Pasted | None, refusal: InvalidError | None = None) -> str:
    shown: Mapping[str, Any] = {"offered": [], "asked": [], "unread": 0}
    if read is not None:
        asked = [] if read.mail else [_asked(line, given) for line in read.unread[:_MOST_ASKED]]
        shown = {"offered": _offered(case, given, read), "asked": asked, "unread": len(read.unread)}
    return render_template(
        "intel/review.html",
        case=case,
        given=given,
        mail=bool(read and read.mail),
        refusal=refusal,
        errors=[(name, text) for name, texts in _wrong(refusal) for text in texts],
        levels=[("", str(_("As proposed for each"))), *levels()],
        back=tab_of(case),
        **shown,
    )


def _wrong(refusal: InvalidError | None) -> list[tuple[str, list[Any]]]:
    return [(name, list(texts)) for name, texts in refusal.fields.items()] if refusal else []


def _offered(case: Case, given: Sent, read: Pasted) -> list[Offered]:
    marks = {mark(case.key_id, OBSERVABLE, value): value for value in read.values}
    held = {marks[key]: row for key, row in service.of_marks(case, marks).items()}
    others = service.elsewhere(actor(), case, read.values)
    return [
        _one(case, given, value, held.get(value), others.get(value, ())) for value in read.values
    ]


def _one(
    case: Case, given: Sent, value: Value, known: StixObject | None, others: Sequence[Case]
) -> Offered:
    shown, ours = face(value), harmless(case, value)
    first = not given.offered
    return Offered(
        face=shown,
        level=LEVELS[privacy.suggested(value)],
        ours=ours,
        known=known,
        elsewhere=others,
        ticked=known is None and (shown.key in given.keep or (first and not ours)),
    )


def _asked(line: Line, given: Sent) -> Mapping[str, Any]:
    sorts = [(str(sort), str(KINDS[sort].title)) for sort in readable_as(line.text)]
    chosen = given.said.get(line.number)
    return {"line": line, "sorts": sorts, "chosen": str(chosen) if chosen else ""}


def _read_or_nothing(given: Sent) -> Pasted | None:
    try:
        return read_pasted(given.text, given.said)
    except InvalidError:
        return None


def _source(case: Case, given: Sent) -> Written | None:
    """Return the text of the case that the form names. Raises NotFoundError for another's."""
    if given.source_id is None:
        return None
    for one in written(actor(), case):
        if (one.source, one.id) == (given.source, given.source_id):
            return one
    raise NotFoundError
