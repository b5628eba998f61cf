"""Asking a real server, from outside of it."""

import http.client


def answers_ok(host: str, port: int, path: str, within: float = 5.0) -> bool:
    """Whether GET http://host:port/path answers 200. A refused or broken connection does not."""
    client = http.client.HTTPConnection(host, port, timeout=within)
    try:
        client.request("GET", path)
        return client.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        client.close()
