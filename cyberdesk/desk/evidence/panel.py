"""The tab of files on the case page, and the latest of them beside the case."""

from typing import Any

from flask import render_template, url_for
from markupsafe import Markup

from cyberdesk.core.access import Actor
from cyberdesk.core.files.models import DAMAGED, StoredFile
from cyberdesk.core.text import _
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.cases.panels import CasePanel, CaseTab
from cyberdesk.desk.evidence import service

_BESIDE = 5


def count(actor: Actor, case: Case) -> int:
    return len(service.files_of(actor, case))


def every(actor: Actor, case: Case) -> Markup:
    return _drawn("every", case=case, files=_listed(actor, case))


def latest(actor: Actor, case: Case) -> Markup | None:
    files = _listed(actor, case)
    if not files:
        return None
    return _drawn("latest", case=case, files=files[-_BESIDE:], total=len(files))


def adding(_actor: Actor, case: Case) -> Markup:
    return _drawn("adding", case=case)


def _listed(actor: Actor, case: Case) -> list[dict[str, Any]]:
    return [listed(case, file) for file in service.files_of(actor, case)]


def listed(case: Case, file: StoredFile) -> dict[str, Any]:
    """Return a file as lists draw it."""
    whose = _("the victim’s side") if file.declaration_id else _("the desk")
    return {
        "name": file.label,
        "size": file.size,
        "kind": file.media_type,
        "at": file.created_at,
        "by": whose,
        "sha256": file.sha256.hex(),
        "icon": "photo" if file.media_type.startswith("image/") else "file",
        "damaged": file.state == DAMAGED,
        "href": url_for("evidence.show", reference=case.reference, file_id=file.id),
    }


def _drawn(name: str, **context: Any) -> Markup:
    return Markup(render_template(f"evidence/{name}.html", **context))  # noqa: S704  # our own


TAB = CaseTab("files", _("Files"), "paperclip", order=40, may="evidence:read", count=count)
PANELS = (
    CasePanel("files", "", every, tab="files", may="evidence:read"),
    CasePanel(
        "files-add", _("Add files"), adding, "side", tab="files", may="evidence:add", live=False
    ),
    CasePanel(
        "files-latest", _("Files"), latest, "side", order=45, may="evidence:read", icon="paperclip"
    ),
)
