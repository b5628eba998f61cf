"""An htmx fragment that also says in a word what was done."""

import json

from flask import Response

from cyberdesk.core.text import Text


def toast(markup: str, text: Text, tone: str = "good") -> Response:
    response = Response(markup, mimetype="text/html")
    # Header values are Latin-1 on the wire: JSON escapes keep French and all other signs whole.
    response.headers["HX-Trigger"] = json.dumps({"toast": {"text": str(text), "tone": tone}})
    return response
