"""The declarant's sheet: what to keep in one's pocket when no screen works any more."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from babel.dates import format_date, format_datetime

from cyberdesk.core import letters
from cyberdesk.core.text import _, speaking
from cyberdesk.desk.declarations.intake import Call, Gesture, intake_of
from cyberdesk.desk.declarations.models import Declaration
from cyberdesk.desk.declarations.service import form_of
from cyberdesk.desk.documents import qr_svg, render

_MOST_DO, _MOST_DONT, _MOST_CALLS = 7, 4, 6
_ZONE = "Europe/Paris"


def print_sheet(
    declaration: Declaration, *, address: str, code: str | None, language: str
) -> bytes:
    """Return the sheet as PDF; `address` is where to come back, `code` only while it is known."""
    with speaking(language):
        data = _data(declaration, address, code, language)
    return render("sheet", data, language, exercise=declaration.exercise)


def _data(
    declaration: Declaration, address: str, code: str | None, language: str
) -> dict[str, Any]:
    intake, form = intake_of(declaration.strand), form_of(declaration)
    found = intake.gestures(form, declaration.answers)
    return {
        "title": str(_("Your sheet to keep")),
        "issuer": letters.letterhead().centre,
        "reference": declaration.reference,
        "code": code,
        "organisation": _organisation(declaration),
        "sent": _sent(declaration, language),
        "address": address,
        "qr": qr_svg(address),
        "do": [_gesture(one) for one in found if one.do][:_MOST_DO],
        "dont": [_gesture(one) for one in found if not one.do][:_MOST_DONT],
        "calls": _calls(intake.calls(declaration.answers), language),
        "next": [str(sentence) for sentence in _next(declaration)],
        "words": {name: str(text) for name, text in _WORDS.items()}
        | {"columns": [str(text) for text in _COLUMNS]},
        "foot": f"{declaration.reference} · {letters.letterhead().centre}",
    }


def _organisation(declaration: Declaration) -> str:
    known = declaration.organisation
    return known.name if known else declaration.typed_name


def _sent(declaration: Declaration, language: str) -> str:
    at = declaration.sent_at or declaration.started_at
    when = format_datetime(at, "EEE d MMM y HH:mm", tzinfo=_ZONE, locale=language)  # type: ignore[arg-type]
    if declaration.sent_at:
        return str(_("Sent on %(when)s", when=when))
    return str(_("Begun on %(when)s, not sent yet", when=when))


def _gesture(one: Gesture) -> dict[str, str | None]:
    return {"text": one.text, "why": one.why or None}


def _calls(calls: Sequence[Call], language: str) -> list[dict[str, Any]]:
    known = [call for call in calls if call.number][:_MOST_CALLS]
    local = [call for call in calls if not call.number][:_MOST_CALLS]
    return [
        {
            "name": call.name,
            "number": call.number or "…………………………",
            "note": call.note or None,
            "certain": call.certain or not call.number,
            "checked": _checked(call, language),
        }
        for call in (*known, *local)
    ]


def _checked(call: Call, language: str) -> str:
    if not call.number:
        return str(_("to fill in"))
    on = _day(call.verified_on, language)
    return on if call.certain else str(_("to be verified (%(day)s)", day=on))


def _day(day: date | None, language: str) -> str:
    return format_date(day, "short", locale=language) if day else ""


def _next(declaration: Declaration) -> Sequence[Any]:
    if declaration.sent_at is None:
        return (
            _("Finish and send your declaration: you can do so from any telephone."),
            _("Nobody answers? Call the first number above and give your reference."),
        )
    return (
        _("A responder calls you back at the number you gave. Keep this sheet at hand."),
        _("Write down each call: the time, the person, what was decided."),
        _("Come back to your space to see what to do next and to write to us."),
    )


_WORDS = {
    "reference": _("Your reference, to say on the telephone"),
    "code": _("Your code to come back"),
    "organisation": _("On behalf of"),
    "qr": _("QR code of the address where you come back to your declaration"),
    "back": _("Scan to come back"),
    "address": _("Or type the address:"),
    "do": _("Do now"),
    "dont": _("Do not"),
    "call": _("Who to call"),
    "next": _("What happens next"),
    "notes": _("Your notes (time, person, decision)"),
}
_COLUMNS = (_("Who"), _("Number or address"), _("Checked on"))
