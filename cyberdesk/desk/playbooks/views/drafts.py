"""Drafts: begun, brought in, written, compared, published, thrown away."""

from typing import Any
from uuid import UUID

from flask import flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from cyberdesk.core.access import throttle
from cyberdesk.core.errors import ConflictError, InvalidError, RefusalError
from cyberdesk.core.text import _
from cyberdesk.core.web.acting import Answer, act
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.playbooks import drafts
from cyberdesk.desk.playbooks.drafts import UnreadableFileError
from cyberdesk.desk.playbooks.forms_drafts import DraftForm, ImportForm, NothingForm
from cyberdesk.desk.playbooks.models import PlaybookDraft, PlaybookVersion
from cyberdesk.desk.playbooks.shown import comparison
from cyberdesk.desk.playbooks.shown.drafts import Sketch, as_plain, sketch, told
from cyberdesk.desk.playbooks.shown.shelf import with_hash
from cyberdesk.desk.playbooks.starter import starter
from cyberdesk.desk.playbooks.versions import RefusedPlaybookError
from cyberdesk.desk.playbooks.views.door import door

_LARGEST_FILE = 4_000_000  # bytes of a request: a text of a million letters, and what is around it


@door.post("/playbook-drafts/new", may="playbook:draft", endpoint="new_draft")
def new() -> Answer:
    row = drafts.begin(actor(), source=starter())
    return redirect(_address(row), code=303)


@door.both(
    "/playbook-drafts/import", may="playbook:draft", largest=_LARGEST_FILE, endpoint="import_draft"
)
def bring_in() -> Answer:
    form = ImportForm()

    def page(refusal: RefusalError | None) -> str:
        findings = refusal.findings if isinstance(refusal, UnreadableFileError) else ()
        return render_template(
            "playbooks/import.html", form=form, faults=[told(finding) for finding in findings]
        )

    return act(
        form,
        page=page,
        do=lambda: drafts.import_file(actor(), content=form.file.data.read()),
        done=_brought,
        refused=(InvalidError,),
    )


@door.both(
    "/playbook-drafts/<uuid:draft_id>",
    may="playbook:draft",
    largest=_LARGEST_FILE,
    endpoint="draft",
)
def draft(draft_id: UUID) -> Answer:
    """The editor. Its script keeps the text by itself and asks for JSON."""
    row = drafts.access_draft(actor(), draft_id)
    form = DraftForm()
    if request.method == "GET":
        form.source.data, form.number.data = row.source, row.number
        return _page(row, form)
    if request.accept_mimetypes.best == "application/json":
        return _kept_for_script(row, form)
    return act(
        form,
        page=lambda refusal: _page(row, form, refusal),
        do=lambda: _keep(row, form),
        done=lambda _row: redirect(_address(row), code=303),
    )


@door.post(
    "/playbook-drafts/<uuid:draft_id>/check",
    may="playbook:draft",
    largest=_LARGEST_FILE,
    endpoint="check_draft",
)
def check(draft_id: UUID) -> Answer | dict[str, Any]:
    """Say what a text comes to without keeping it: as a page, or to the editor's script."""
    row = drafts.access_draft(actor(), draft_id)
    throttle.slow_down(drafts.CHECKS, str(actor().id))
    form = DraftForm()
    if not form.accepted():
        return _page(row, form), 422
    if request.accept_mimetypes.best == "application/json":
        return _seen(sketch(form.source.data))
    return _page(row, form)


@door.get(
    "/playbook-drafts/<uuid:draft_id>/differences",
    may="playbook:draft",
    endpoint="draft_differences",
)
def differences(draft_id: UUID) -> str:
    row = drafts.access_draft(actor(), draft_id)
    old = _based_on(row)
    found = comparison.of_draft(old, row) if old else None
    return render_template("playbooks/draft_differences.html", draft=row, old=old, found=found)


@door.both(
    "/playbook-drafts/<uuid:draft_id>/publish", may="playbook:publish", endpoint="publish_draft"
)
def publish(draft_id: UUID) -> Answer:
    row = drafts.access_draft(actor(), draft_id)
    form = NothingForm()

    def page(refusal: RefusalError | None) -> str:
        found = sketch(row.source)
        old = _based_on(row)
        return render_template(
            "playbooks/publish.html",
            draft=row,
            form=form,
            refusal=refusal,
            sketch=found,
            old=old,
            found=comparison.of_draft(old, row) if old else None,
        )

    def done(version: PlaybookVersion) -> Response:
        flash(str(_("Published: new cases begin with this version.")), "success")
        return redirect(
            url_for("playbooks.version", name=version.name, version=version.hash), code=303
        )

    return act(
        form,
        page=page,
        do=lambda: drafts.publish_draft(actor(), row),
        done=done,
        refused=(RefusedPlaybookError, ConflictError),
    )


@door.both("/playbook-drafts/<uuid:draft_id>/drop", may="playbook:draft", endpoint="drop_draft")
def drop(draft_id: UUID) -> Answer:
    row = drafts.access_draft(actor(), draft_id)
    form = NothingForm()

    def done(_row: PlaybookDraft) -> Response:
        flash(str(_("The draft is thrown away.")), "success")
        return redirect(url_for("playbooks.library"), code=303)

    return act(
        form,
        page=lambda _refusal: render_template("playbooks/drop.html", draft=row, form=form),
        do=lambda: drafts.drop(actor(), row),
        done=done,
    )


def _brought(row: PlaybookDraft) -> Response:
    said = _("Brought in as a draft. It runs on no case until it is published.")
    flash(str(said), "success")
    return redirect(_address(row), code=303)


def _keep(row: PlaybookDraft, form: DraftForm) -> PlaybookDraft:
    kept: PlaybookDraft = drafts.change(
        actor(), row, source=form.source.data, number=form.number.data
    )
    return kept


def _kept_for_script(row: PlaybookDraft, form: DraftForm) -> Answer:
    if not form.accepted():
        raise InvalidError(_("This text cannot be kept."), fields=form.messages())
    kept = _keep(row, form)
    return jsonify(number=kept.number, faults=kept.faults)


def _seen(found: Sketch) -> dict[str, Any]:
    return {
        "faults": as_plain(found.faults),
        "list": render_template("playbooks/_faults.html", faults=found.faults, absent=found.absent),
        "picture": render_template("playbooks/_sketch.html", sketch=found) if found.parts else "",
    }


def _page(row: PlaybookDraft, form: DraftForm, refusal: RefusalError | None = None) -> str:
    conflict = isinstance(refusal, ConflictError)
    if conflict:
        form.number.raw_data, form.number.data = (
            None,
            row.number,
        )  # whoever keeps it once more has been told
    return render_template(
        "playbooks/draft.html",
        draft=row,
        form=form,
        refusal=refusal,
        theirs=comparison.of_texts(form.source.data or "", row.source) if conflict else (),
        sketch=sketch(form.source.data or ""),
        old=_based_on(row),
    )


def _based_on(row: PlaybookDraft) -> PlaybookVersion | None:
    return with_hash(row.based_on) if row.based_on else None


def _address(row: PlaybookDraft) -> str:
    return url_for("playbooks.draft", draft_id=row.id)
