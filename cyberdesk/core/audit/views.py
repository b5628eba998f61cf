"""The journal for auditors: what is in it, whether it is whole, and proofs to take away."""

import json
from typing import Any
from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cyberdesk.core import clock
from cyberdesk.core.access.actor import ActorKind
from cyberdesk.core.audit import service
from cyberdesk.core.audit.authors import KINDS
from cyberdesk.core.audit.checkpoints import signer
from cyberdesk.core.audit.service import PAGE, Wanted
from cyberdesk.core.audit.wording import in_words
from cyberdesk.core.errors import InvalidError
from cyberdesk.core.text import Text, _
from cyberdesk.core.web.doors import Door
from cyberdesk.core.web.forms import refuse_unknown
from cyberdesk.core.web.identity import actor

door = Door("journal", __name__, url_prefix="/administration/journal", template_folder="templates")
# What the house calls itself when it acts on the journal.
HOUSE: dict[str, Text] = {
    "daily check": _("the daily check"),
    "checkpoint": _("the hourly signature"),
    "command line": _("the command line"),
    "clocks": _("deadlines"),
    "declarations": _("declarations"),
    "intake": _("declarations"),
    "playbook": _("playbooks"),
    "tasks": _("tasks"),
    "triage": _("severity"),
}
_ASKED = {"action", "kind", "id", "before", "lang"}
_LONGEST = 60


@door.get("", may="journal:verify", strong=True)
def index() -> str:
    verdict, checkpoints, size = service.state(actor())
    wanted = _wanted()
    reads = actor().may("journal:read")
    lines = service.find_entries(actor(), wanted) if reads else []
    return render_template(
        "audit/journal.html",
        verdict=verdict,
        checkpoints=checkpoints,
        size=size,
        key=str(signer().verifier),
        reads=reads,
        lines=lines[:PAGE],
        further=_further(wanted, lines),
        wanted=wanted,
        kinds=KINDS,
        author=_author,
        in_words=in_words,
        house_name=_house_name,
    )


@door.post("/verification", may="journal:verify", strong=True)
def verify() -> ResponseReturnValue:
    refuse_unknown(set())
    found = service.verify_now(actor())
    if not found.fault:
        flash(str(_("The journal is whole.")), "success")
    return redirect(url_for(".index"), code=303)


@door.get("/<int:seq>", may="journal:read", strong=True)
def entry(seq: int) -> str:
    proof = service.prove(actor(), seq)
    return render_template(
        "audit/entry.html",
        seq=seq,
        header=service.header_of(proof),
        raw=proof["header"],
        in_words=in_words,
        kinds=KINDS,
        checkpoint=proof["checkpoint"],
    )


@door.get("/<int:seq>/preuve.json", may="journal:read", strong=True)
def proof(seq: int) -> Response:
    content = json.dumps(service.prove(actor(), seq), ensure_ascii=False)
    return _file(content + "\n", f"journal-{seq}.json", "application/json")


@door.get("/export.jsonl", may="journal:export", strong=True)
def export() -> Response:
    name = f"journal-{clock.now():%Y%m%dT%H%M%SZ}.jsonl"
    return _file(service.export(actor()), name, "application/jsonl")


def _author(line: service.Line) -> str:
    """Return who it was: a person's name, or which part of the house."""
    kind = str(KINDS.get(line.kind, line.kind))
    if line.kind == ActorKind.SYSTEM.value and line.who:
        return f"{kind} · {_house_name(line.who)}"
    return line.who or kind


def _house_name(name: str) -> str:
    return str(HOUSE.get(name, name))


def _file(content: Any, name: str, kind: str) -> Response:
    answer = Response(content, content_type=f"{kind}; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _wanted() -> Wanted:
    """Return which entries are asked for. Raises InvalidError on what cannot be."""
    if set(request.args) - _ASKED:
        raise InvalidError(fields={name: [] for name in set(request.args) - _ASKED})
    before, kind = request.args.get("before", ""), request.args.get("kind", "")
    if (before and not _number(before)) or (kind and kind not in KINDS):
        raise InvalidError(_("This is not a page of the journal."))
    action = request.args.get("action", "").strip()[:_LONGEST]
    return Wanted(action, kind, _id(), int(before) if before else None)


def _id() -> UUID | None:
    typed = request.args.get("id", "").strip()
    try:
        return UUID(typed) if typed else None
    except ValueError:
        raise InvalidError(
            _("This is not an id."), hint=_("Take it from the page of an entry, whole.")
        ) from None


def _number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 18  # noqa: PLR2004  # of a bigint


def _further(wanted: Wanted, lines: list[service.Line]) -> str | None:
    """Return where the earlier entries are, None at the end."""
    if len(lines) <= PAGE:
        return None
    before = lines[PAGE - 1].seq
    action, kind = wanted.action or None, wanted.kind or None
    return url_for(".index", action=action, kind=kind, id=wanted.id, before=before)
