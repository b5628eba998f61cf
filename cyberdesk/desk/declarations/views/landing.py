"""The first page: for which organisation, then at once a reference, a code and a way back."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Response, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from cyberdesk.core.access import PUBLIC, throttle
from cyberdesk.core.access.directory import find_organisations
from cyberdesk.core.access.models import Organisation
from cyberdesk.core.access.signin.limits import network
from cyberdesk.core.access.throttle import Limit
from cyberdesk.core.db import session
from cyberdesk.core.errors import NotFoundError
from cyberdesk.core.hygiene import clean
from cyberdesk.core.text import _
from cyberdesk.core.web.forms import refuse_unknown
from cyberdesk.desk.declarations import pace, service
from cyberdesk.desk.declarations.intake import intake_of
from cyberdesk.desk.declarations.service.starting import BOT, FLOOD
from cyberdesk.desk.declarations.views import patience
from cyberdesk.desk.declarations.views.door import (
    STRAND,
    door,
    give_way,
    keep_code,
    mine,
    stay_signed,
    visitor,
)

_FIELDS = {"organisation", "organisation_text", "search", "fax_number", "ticket"}
_OTHER = "other"  # an organisation that is not in the directory
_LONGEST_NAME = 150
_FOUND = 8
_TYPING = Limit("declaration:search", burst=200, every=0.2)  # a town hall full of people typing


@door.both("/declarer", may=PUBLIC)
def start() -> AnyResponse | str | tuple[str, int]:
    stay_signed()
    if request.method == "GET":
        return _page()
    refuse_unknown(_FIELDS)
    typed = clean(request.form.get("organisation_text", "")).text.strip()
    chosen = next(filter(None, reversed(request.form.getlist("organisation"))), "")
    if request.form.get("search") or not chosen:
        return _searched(typed)
    if len(typed) > _LONGEST_NAME:
        return _page(typed=typed, error=_long_name()), 422
    if chosen == _OTHER and not typed:
        return _page(error=_("Type the name of your commune or organisation.")), 422
    return _begin(chosen, typed)


@door.get("/declarer/organisations", may=PUBLIC)
def organisations() -> Response:
    """Answer the search as one types: public facts only. Without it, the form searches too."""
    throttle.slow_down(_TYPING, network())
    return jsonify(_options(find_organisations(request.args.get("q", "")[:80], limit=_FOUND)))


def _searched(typed: str) -> AnyResponse | str | tuple[str, int]:
    found = find_organisations(typed[:80], limit=_FOUND)
    if not typed:
        return _page(error=_("Type the name of your commune or organisation.")), 422
    if len(typed) > _LONGEST_NAME:
        return _page(typed=typed, error=_long_name()), 422
    if len(found) == 1 and found[0].name.lower() == typed.lower():
        return _begin(str(found[0].id), typed)
    return _page(typed=typed, options=_options(found), searched=True)


def _begin(chosen: str, typed: str) -> AnyResponse | str | tuple[str, int]:
    organisation = _organisation(chosen)
    network = pace.network_hash(visitor().address)
    turn = patience.turn(network, request.form.get("ticket", ""))
    if turn.wait:
        return _wait(turn, organisation, typed), 429
    doubts = (FLOOD,) * turn.flooded + (BOT,) * bool(request.form.get("fax_number"))
    started = service.start(
        visitor(),
        strand=STRAND,
        organisation=organisation,
        typed_name="" if organisation else typed,
        doubts=doubts,
    )
    keep_code(started.declaration.reference, started.code)
    first = service.form_of(started.declaration).pages({})[0]
    answer = redirect(url_for("declarations.screen", page=first.name), code=303)
    return give_way(answer, started.token)


def _organisation(chosen: str) -> Organisation | None:
    """Return the organisation chosen from the list; None for one that was typed freely."""
    if chosen == _OTHER:
        return None
    try:
        found = session().get(Organisation, UUID(chosen))
    except ValueError:
        found = None
    if found is None or found.facts.get("verified") is False:
        raise NotFoundError(
            _("This organisation is not in the directory."),
            hint=_("Go back and type its name: any organisation is welcome."),
        )
    return found


def _wait(turn: patience.Turn, organisation: Organisation | None, typed: str) -> str:
    kept = {
        "organisation": str(organisation.id) if organisation else _OTHER,
        "organisation_text": typed,
        "ticket": turn.ticket,
    }
    seconds = int(turn.wait.total_seconds()) + 1
    return render_template("declarations/patience.html", seconds=seconds, kept=kept)


def _page(
    *,
    typed: str = "",
    options: Sequence[dict[str, str]] = (),
    searched: bool = False,
    error: Any = None,
) -> str:
    return render_template(
        "declarations/start.html",
        welcome=intake_of(STRAND).welcome(),
        under_way=mine(),
        typed=typed,
        options=options,
        searched=searched,
        error=error,
        calls=[call for call in intake_of(STRAND).calls({}) if call.number][:3],
    )


def _options(found: Sequence[Organisation]) -> list[dict[str, str]]:
    return [
        {"value": str(one.id), "label": one.name, "detail": _detail(one), "unknown": ""}
        for one in found
    ]


def _detail(organisation: Organisation) -> str:
    postal = organisation.facts.get("postal") or []
    return " ".join(str(part) for part in (postal[:1] or [organisation.code or ""]))


def _long_name() -> Any:
    return _("At most %(count)s characters fit here.", count=_LONGEST_NAME)
