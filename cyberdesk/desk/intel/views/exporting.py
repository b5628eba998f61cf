"""Handing a case to others: what would leave, what stays behind and why, then the file."""

from http import HTTPStatus
from typing import Any

from flask import Response as FlaskResponse
from flask import render_template, request
from werkzeug.wrappers import Response

from cyberdesk.core.db.work import doom
from cyberdesk.core.errors import ConflictError, InvalidError, RefusalError
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.cases.views.door import reached
from cyberdesk.desk.intel import service
from cyberdesk.desk.intel.export import REASONS, Bundle
from cyberdesk.desk.intel.export.bundle import MEDIA_TYPE
from cyberdesk.desk.intel.forms import ExportForm
from cyberdesk.desk.intel.marking import LEVELS, Tlp
from cyberdesk.desk.intel.views.door import door, tab_of
from cyberdesk.desk.intel.vocabulary import OBJECTS

Answer = Response | str | tuple[str, int]
_HERE = "/cases/<reference>/observables/export"


@door.get(_HERE, may="observable:export", endpoint="export")
def look(reference: str) -> str:
    """What would leave at the level that the address names; looking is no export."""
    case = reached(reference)
    asked = request.args.get("tlp", "")
    return _page(case, Tlp(asked) if asked in set(Tlp) else None)


@door.post(_HERE, may="observable:export", endpoint="download")
def download(reference: str) -> Answer:
    case, form = reached(reference), ExportForm()
    if not form.accepted():
        return _page(case, None), HTTPStatus.UNPROCESSABLE_ENTITY
    tlp = Tlp(form.tlp.data)
    try:
        made = service.export_case(
            actor(), case, tlp=tlp, exercise=bool(form.exercise.data), expected=form.expected.data
        )
    except (ConflictError, InvalidError) as refusal:
        doom()
        return _page(case, tlp, refusal), refusal.status
    return handed_over(case, made)


def handed_over(case: Case, made: Bundle) -> FlaskResponse:
    """Return the bundle as a file: a name that tells the level, and of the case only inside."""
    level = LEVELS[made.level].name.replace(":", "-").replace("+", "-").lower()
    name = "cyberdesk" if made.level.outside else case.reference
    response = FlaskResponse(made.text, content_type=MEDIA_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}-{level}.json"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _page(case: Case, tlp: Tlp | None, refusal: RefusalError | None = None) -> str:
    made, refused = (None, None) if tlp is None else _looked_at(case, tlp)
    return render_template(
        "intel/export.html",
        case=case,
        tlp=tlp,
        choices=_choices(case),
        bundle=made,
        bundle_level=LEVELS[tlp].name if tlp else "",
        leaving=[(OBJECTS.get(kind, kind), many) for kind, many in made.counts.items()]
        if made
        else [],
        staying=_by_reason(made) if made else [],
        refusal=refusal or refused,
        back=tab_of(case),
    )


def _looked_at(case: Case, tlp: Tlp) -> tuple[Bundle | None, RefusalError | None]:
    try:
        made = service.preview_export(actor(), case, tlp=tlp, exercise=case.exercise)
    except RefusalError as refusal:
        return None, refusal
    return made, None


def _choices(case: Case) -> list[dict[str, Any]]:
    """The levels as big choices; an exercise has those only that keep it inside."""
    return [
        {"value": str(tlp), "label": level.name, "hint": level.meaning}
        for tlp, level in LEVELS.items()
        if not (case.exercise and tlp.outside)
    ]


def _by_reason(made: Bundle) -> list[tuple[Any, list[Any]]]:
    groups = {reason: [one for one in made.stripped if one.reason == reason] for reason in REASONS}
    return [(REASONS[reason], held) for reason, held in groups.items() if held]
