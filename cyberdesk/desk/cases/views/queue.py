"""The queue, one's own cases, and the views that one keeps of them."""

from dataclasses import replace
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from cyberdesk.core.access.models import Organisation
from cyberdesk.core.db import session
from cyberdesk.core.text import Text, _
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.cases import queue, service
from cyberdesk.desk.cases.forms import ViewForm, options
from cyberdesk.desk.cases.levels import LEVELS
from cyberdesk.desk.cases.queue import MOST, Asked, Counts
from cyberdesk.desk.cases.views.door import door
from cyberdesk.desk.cases.views.parts import part
from cyberdesk.desk.cases.vocabulary import WAITS, said, subjects


@door.get("", may="case:list", endpoint="queue")
def show_queue() -> str:
    return _page(Asked.read(request.args), mine=False)


@door.get("/mes-dossiers", may="case:list", endpoint="mine")
def show_mine() -> str:
    return _page(replace(Asked.read(request.args), who="mine"), mine=True)


@door.get("/rows", may="case:list", endpoint="rows")
def show_rows() -> Response:
    """The rows alone, for a page that renews itself."""
    return part(_rows(Asked.read(request.args)))


@door.post("/views", may="case:list", endpoint="save_view")
def save_view() -> Response | str:
    form = ViewForm()
    if not form.accepted():
        flash(str(_("Give the view a name of at most 60 characters.")), "error")
        return redirect(url_for("cases.queue"))
    asked_for = Asked.from_query(form.query.data or "")
    service.save_view(actor(), name=form.name.data, asked_for=asked_for)
    flash(str(_("The view “%(name)s” is kept.", name=form.name.data)), "success")
    return redirect(_address(asked_for))


@door.post("/views/<uuid:view_id>/forget", may="case:list", endpoint="forget_view")
def forget_view(view_id: UUID) -> Response:
    service.forget_view(actor(), view_id=view_id)
    return redirect(url_for("cases.queue"))


def _page(asked_for: Asked, *, mine: bool) -> str:
    counts = queue.counts(actor(), exercise=bool(asked_for.exercise))
    return render_template(
        "cases/queue.html",
        asked=asked_for,
        mine=mine,
        rows=_rows(asked_for),
        counts=counts,
        ways=_ways(asked_for, counts),
        waits=_waits(asked_for, counts),
        views=[(view, view.query == asked_for.query()) for view in service.saved_views(actor())],
        choices=_choices(asked_for),
        view_form=ViewForm(formdata=None, query=asked_for.query()),
        desks=sorted(actor().scope.desks),
        count=_counted,
    )


def _rows(asked_for: Asked) -> str:
    found = queue.page(actor(), asked_for, request.args.get("after", ""))
    more = f"{_address(asked_for)}{_mark(asked_for)}after={found.after}" if found.after else None
    return render_template(
        "cases/_rows.html",
        cases=found.rows,
        asked=asked_for,
        more=more,
        first=not request.args.get("after"),
        me=actor().id,
        clear=url_for("cases.queue"),
    )


def _ways(asked_for: Asked, counts: Counts) -> list[dict[str, object]]:
    """The usual looks at the queue, each with how many wait there."""
    base = Asked(exercise=asked_for.exercise)
    ways: list[tuple[Text, Asked, int | None]] = [
        (_("All"), base, counts.open),
        (_("Untaken"), replace(base, who="free"), counts.free),
        (_("Mine"), replace(base, who="mine"), counts.mine),
        (_("Late"), replace(base, late="1"), counts.late),
        (_("Closed"), replace(base, state="closed"), None),
    ]
    return [
        {
            "label": label,
            "href": _address(wanted),
            "current": wanted == asked_for,
            "count": None if number is None else _counted(number),
        }
        for label, wanted, number in ways
    ]


def _waits(asked_for: Asked, counts: Counts) -> list[dict[str, object]]:
    """Who waits on whom: one number for each that open cases wait for."""
    base = Asked(exercise=asked_for.exercise)
    return [
        {
            "label": said(WAITS, who),
            "href": _address(replace(base, waits=who)),
            "current": asked_for.waits == who,
            "count": _counted(number),
        }
        for who, number in counts.waits.items()
        if number
    ]


def _choices(asked_for: Asked) -> dict[str, list[tuple[str, str]]]:
    return {
        "state": [
            ("open", str(_("Open cases"))),
            ("closed", str(_("Closed cases"))),
            ("all", str(_("All cases"))),
        ],
        "who": [
            ("all", str(_("Anybody"))),
            ("free", str(_("Nobody yet"))),
            ("mine", str(_("Me"))),
            ("team", str(_("My colleagues"))),
        ],
        "level": [_any(), *((str(one.number), str(one.name)) for one in reversed(LEVELS))],
        "type": [_any(), *sorted(options(subjects()), key=lambda pair: pair[1])],
        "waits": [_any(), *options(WAITS)],
        "area": [_any(), *_areas()],
        "grouping": [_any(), *_groupings(asked_for)],
    }  # fmt: skip


def _areas() -> list[tuple[str, str]]:
    wanted = select(Organisation.code, Organisation.name).where(Organisation.kind == "departement")
    rows = session().execute(wanted.order_by(Organisation.code)).all()
    return [(row.code or "", f"{row.name} ({row.code})") for row in rows]


def _groupings(asked_for: Asked) -> list[tuple[str, str]]:
    """The EPCI of communes of the département that was chosen; without one they are too many."""
    if not asked_for.area:
        return []
    inside = (
        select(Organisation.parent_id)
        .where(Organisation.kind == "commune")
        .where(Organisation.code >= asked_for.area, Organisation.code < f"{asked_for.area}\uffff")
    )
    wanted = select(Organisation.id, Organisation.name).where(
        Organisation.kind == "epci", Organisation.id.in_(inside)
    )
    rows = session().execute(wanted.order_by(Organisation.name)).all()
    return [(str(row.id), row.name) for row in rows]


def _any() -> tuple[str, str]:
    return ("", str(_("All")))


def _address(asked_for: Asked) -> str:
    query = asked_for.query()
    return url_for("cases.queue") + (f"?{query}" if query else "")


def _mark(asked_for: Asked) -> str:
    return "&" if asked_for.query() else "?"


def _counted(number: int) -> str:
    return f"{MOST}+" if number >= MOST else str(number)
