"""The library of playbooks, to read: the list, and a page for each version."""

from flask import Response, render_template

from cyberdesk.core.web.identity import actor
from cyberdesk.desk.playbooks.shown import shelf
from cyberdesk.desk.playbooks.views.door import door


@door.get("/procedures", may="playbook:read", endpoint="library")
def library() -> str:
    return render_template("playbooks/library.html", groups=shelf.entries(actor()))


@door.get("/procedures/<name>", may="playbook:read", endpoint="playbook")
def playbook(name: str) -> str:
    return _page(name, None)


@door.get("/procedures/<name>/<version>", may="playbook:read", endpoint="version")
def version(name: str, version: str) -> str:
    return _page(name, version)


@door.get("/procedures/<name>/<version>/source.yaml", may="playbook:read", endpoint="source")
def source(name: str, version: str) -> Response:
    """The file as it was published, to read or to take along; never shown as a page."""
    held = shelf.sheet(actor(), name, version).version
    response = Response(held.source or "", mimetype="text/plain")
    response.headers["Content-Disposition"] = f'attachment; filename="{held.name}.yaml"'
    return response


def _page(name: str, version: str | None) -> str:
    return render_template("playbooks/playbook.html", book=shelf.sheet(actor(), name, version))
