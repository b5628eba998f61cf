"""`python -m bench.statements`: how many SQL statements one look at the queue takes.

The database is the one that the environment names; it holds the demo, whose responder looks.
"""

import re

from sqlalchemy import event

from cyberdesk.app import create_app
from cyberdesk.core import db

_DOOR = r'action="(/demo/[0-9a-f-]{36})"(?:(?!</form>).)*?Camille Roux'


def count() -> int:
    client = create_app().test_client()
    cast = client.get("/demo").text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', cast)
    door = re.search(_DOOR, cast, re.DOTALL)
    assert token, "the demo shows no form"
    assert door, "the demo has no responder"
    client.post(door[1], data={"csrf_token": token[1]})
    client.get("/desk")  # what a process reads once does not count
    seen: list[str] = []
    event.listen(
        db.database().engine, "before_cursor_execute", lambda *given: seen.append(given[2])
    )
    assert client.get("/desk").status_code == 200
    return len(seen)


if __name__ == "__main__":
    print(count())
