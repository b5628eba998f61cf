"""The description of the API, for programs and for the people who write them."""

import json
from collections.abc import Mapping
from functools import cache
from itertools import groupby
from typing import Any

from flask import Response, jsonify, render_template
from markupsafe import Markup

from cyberdesk.core.access.permissions import PUBLIC
from cyberdesk.core.errors import NotFoundError
from cyberdesk.core.text import _, language
from cyberdesk.core.web.api.document import document
from cyberdesk.core.web.api.spoken import spoken_of
from cyberdesk.core.web.doors import Door

door = Door("api", __name__, url_prefix="/api/v1")


@door.get("/openapi.json", may=PUBLIC)
def openapi() -> Response:
    response = jsonify(document())
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


@door.get("", may=PUBLIC)
def reference() -> str:
    """The same as pages, no script in them: the rules, and every call with a page for its part."""
    return render_template("api/reference.html", groups=_groups())


@door.get("/about/<part>", may=PUBLIC)
def about(part: str) -> str:
    """One part in full, with the shapes that its calls take and answer."""
    tag = next((tag for tag in _groups() if tag.lower() == part), None)
    if tag is None:
        raise NotFoundError(_("The API has no such part."))
    return render_template(
        "api/part.html", tag=tag, groups=_groups(), operations=_drawn(tag, language())
    )


@cache
def _drawn(tag: str, _language: str) -> Markup:
    """Draw every call and shape of a part: work enough to be done once in each language."""
    operations = _groups()[tag]
    schemas = document()["components"]["schemas"]
    named = {name: schemas[name] for name in sorted(spoken_of(operations, schemas))}
    drawn = render_template("api/_operations.html", operations=operations, schemas=named)
    return Markup(drawn)  # noqa: S704  # made by our own autoescaped template


@cache
def _groups() -> dict[str, list[dict[str, Any]]]:
    found = sorted(_operations(document()), key=lambda one: (one["tag"], one["path"]))
    return {tag: list(ours) for tag, ours in groupby(found, lambda one: str(one["tag"]))}


def _operations(made: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        operation
        | {
            "path": path,
            "method": method.upper(),
            "tag": operation["tags"][0],
            "takes": _shape(operation.get("requestBody", {})),
            "gives": _given(operation["responses"]),
            "refuses": [code for code in sorted(operation["responses"]) if code >= "400"],
            "scopes": [scope for way in operation["security"] for scope in way["token"]],
            "asked": _example(operation.get("requestBody", {})),
            "shown": _example(operation["responses"][min(operation["responses"])]),
        }
        for path, methods in made["paths"].items()
        for method, operation in methods.items()
    ]


def _example(body: Mapping[str, Any]) -> str | None:
    for content in body.get("content", {}).values():
        return json.dumps(content["example"], ensure_ascii=False, indent=2)
    return None


def _given(responses: Mapping[str, Any]) -> tuple[str, str | None]:
    status = min(responses)
    return status, _shape(responses[status])


def _shape(body: Mapping[str, Any]) -> str | None:
    """The name of the schema that a body has."""
    for content in body.get("content", {}).values():
        return str(content["schema"]["$ref"]).rpartition("/")[2]
    return None
