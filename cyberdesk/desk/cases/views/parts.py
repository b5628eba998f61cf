"""A part of a page that is fetched anew: the same bytes are not sent twice."""

import hashlib

from flask import Response, request


def part(markup: str) -> Response:
    """Answer with a fragment and its entity tag, or 304 when the page has it already."""
    response = Response(markup, mimetype="text/html")
    response.set_etag(hashlib.sha256(markup.encode()).hexdigest()[:32], weak=True)
    response.headers["Vary"] = "HX-Request"
    response.make_conditional(request)
    return response
