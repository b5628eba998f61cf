"""The description of the API, for programs and for the people who write them."""

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from flask import Response, jsonify, render_template

from cyberdesk.core.access.permissions import PUBLIC
from cyberdesk.core.web.api.document import document
from cyberdesk.core.web.doors import Door

door = Door("api", __name__, url_prefix="/api/v1")


@door.get("/openapi.json", may=PUBLIC)
def openapi() -> Response:
    response = jsonify(document())
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


@door.get("", may=PUBLIC)
def reference() -> str:
    """The same as a page: no script, nothing from elsewhere."""
    made = document()
    operations = sorted(_operations(made), key=lambda one: (one["tag"], one["path"]))
    return render_template(
        "api/reference.html",
        document=made,
        groups=[(tag, list(found)) for tag, found in groupby(operations, lambda one: one["tag"])],
        schemas=made["components"]["schemas"],
    )


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
        }
        for path, methods in made["paths"].items()
        for method, operation in methods.items()
    ]


def _given(responses: Mapping[str, Any]) -> tuple[str, str | None]:
    status = min(responses)
    return status, _shape(responses[status])


def _shape(body: Mapping[str, Any]) -> str | None:
    """The name of the schema that a body has."""
    for content in body.get("content", {}).values():
        return str(content["schema"]["$ref"]).rpartition("/")[2]
    return None
