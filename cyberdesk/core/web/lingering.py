"""After refusing what is too large: read on and throw away what is still being sent.

A server that closes while a browser sends makes it show a broken connection and not the answer
(RFC 9112 §9.6). So the answer goes out first, then the rest is taken off the line, for a time.
"""

import time
from typing import Any

from flask import Response, g, request

_MOST = 1 << 30  # bytes
_LONGEST = 60.0  # seconds
_PIECE = 1 << 16


def expect_rest() -> None:
    """Note that this request is answered before it was read to its end."""
    g.rest = True


def linger(response: Response) -> Response:
    # Without its end marked in the input, reading on could wait for ever.
    if g.get("rest") and request.environ.get("wsgi.input_terminated"):
        source = request.environ["wsgi.input"]
        response.call_on_close(lambda: _throw_away(source))
    return response


def _throw_away(source: Any) -> None:
    end, left = time.monotonic() + _LONGEST, _MOST
    try:
        while left > 0 and time.monotonic() < end:
            piece = source.read(_PIECE)
            if not piece:
                return
            left -= len(piece)
    except OSError:  # they have gone
        return
