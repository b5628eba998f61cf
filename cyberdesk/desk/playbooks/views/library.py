"""The library of playbooks: the list, a page for each version, its files, its runs."""

from flask import Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from cyberdesk.core.text import _
from cyberdesk.core.web.acting import Answer, act
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.playbooks import drafts
from cyberdesk.desk.playbooks.exchange.send_out import file_of
from cyberdesk.desk.playbooks.forms import ReasonForm
from cyberdesk.desk.playbooks.language.schema import schema
from cyberdesk.desk.playbooks.models import PlaybookVersion
from cyberdesk.desk.playbooks.shown import comparison, history, shelf
from cyberdesk.desk.playbooks.versions import retire as take_back
from cyberdesk.desk.playbooks.views.door import door


@door.get("/procedures", may="playbook:read", endpoint="library")
def library() -> str:
    who = actor()
    begun = drafts.drafts(who) if who.may("playbook:draft") else []
    return render_template("playbooks/library.html", groups=shelf.entries(who), drafts=begun)


@door.get("/procedures/schema.json", may="playbook:read", endpoint="schema")
def language_schema() -> dict[str, object]:
    """The language as JSON Schema, for the editor here and for those outside."""
    return schema()


@door.get("/procedures/<name>", may="playbook:read", endpoint="playbook")
def playbook(name: str) -> str:
    return _page(name, None)


@door.get("/procedures/<name>/<version>", may="playbook:read", endpoint="version")
def version(name: str, version: str) -> str:
    return _page(name, version)


@door.get("/procedures/<name>/<version>/source.yaml", may="playbook:read", endpoint="source")
def source(name: str, version: str) -> Response:
    """The file as it was published, to read or to take along; never shown as a page."""
    held = shelf.named(name, version)
    return _file(held.source or file_of(held), held, "json" if _is_json(held) else "yaml")


@door.get("/procedures/<name>/<version>/cacao.json", may="playbook:read", endpoint="export")
def export(name: str, version: str) -> Response:
    """The version as any tool that reads CACAO 2.0 takes it."""
    held = shelf.named(name, version)
    return _file(file_of(held), held, "cacao.json")


@door.get("/procedures/<name>/<version>/differences", may="playbook:read", endpoint="differences")
def differences(name: str, version: str) -> str:
    """What another version (`?from=`, else the one before) has and this one has not."""
    versions = shelf.versions_of(name)
    new = shelf.named(name, version)
    old = shelf.before(new, versions, request.args.get("from"))
    return render_template(
        "playbooks/differences.html",
        new=new,
        old=old,
        versions=versions,
        found=comparison.of_versions(old, new) if old else None,
    )


@door.get("/procedures/<name>/runs", may="run:read", endpoint="history")
def runs(name: str) -> str:
    versions = shelf.versions_of(name)
    found, onwards = history.past(name, request.args.get("cursor"))
    return render_template(
        "playbooks/history.html", version=versions[0], runs=found, onwards=onwards
    )


@door.post("/procedures/<name>/<version>/revise", may="playbook:draft", endpoint="revise")
def revise(name: str, version: str) -> Answer:
    row = drafts.revise(actor(), shelf.named(name, version))
    return redirect(url_for("playbooks.draft", draft_id=row.id), code=303)


@door.both("/procedures/<name>/<version>/retire", may="playbook:publish", endpoint="retire")
def retire(name: str, version: str) -> Answer:
    held = shelf.named(name, version)
    form = ReasonForm()

    def done(_found: object) -> Redirect:
        flash(str(_("The version is taken back: no case begins with it any more.")), "success")
        return redirect(_address(held))

    return act(
        form,
        page=lambda refusal: render_template(
            "playbooks/retire.html",
            form=form,
            refusal=refusal,
            version=held,
            running=history.under_way(held),
            back=_address(held),
        ),
        do=lambda: take_back(actor(), held, reason=form.reason.data or ""),
        done=done,
    )


def _page(name: str, version: str | None) -> str:
    return render_template("playbooks/playbook.html", book=shelf.sheet(actor(), name, version))


def _address(version: PlaybookVersion) -> str:
    return url_for("playbooks.version", name=version.name, version=version.hash)


def _file(text: str, version: PlaybookVersion, ending: str) -> Response:
    response = Response(text, mimetype="text/plain")
    response.headers["Content-Disposition"] = f'attachment; filename="{version.name}.{ending}"'
    return response


def _is_json(version: PlaybookVersion) -> bool:
    return not version.source or version.source.lstrip().startswith("{")
