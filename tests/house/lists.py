"""The lists that are checked in, made from the house as it stands.

    .venv/bin/python -m tests.house.lists

writes them anew. Look at the difference before you commit it: a route that has vanished, or a
permission that a role has gained, is told by no other test.
"""

import csv
import io
import tempfile
from collections.abc import Iterator
from pathlib import Path

from flask import Flask

from cyberdesk.app import create_app
from cyberdesk.core.access import permissions
from cyberdesk.core.access.permissions import Role
from cyberdesk.core.web.doors import doors
from cyberdesk.settings import Settings

HERE = Path(__file__).parent
ROUTES, PERMISSIONS = HERE / "routes.txt", HERE / "permissions.csv"
_METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}


def routes(app: Flask) -> str:
    """One line a route: methods, address, endpoint, permission and what else it says of itself."""
    return "".join(sorted(_lines(app)))


def _lines(app: Flask) -> Iterator[str]:
    declared = doors(app)
    for rule in app.url_map.iter_rules():
        door = declared[rule.endpoint]
        flags = [flag for flag in ("strong", "weak", "machine") if getattr(door, flag)]
        methods = ",".join(sorted((rule.methods or set()) & _METHODS))
        yield f"{rule.rule} {methods} {rule.endpoint} {' '.join([door.may, *flags])}\n"


def table() -> str:
    """The truth table of permissions by role, `x` where the role has it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["permission", *(role.value for role in Role)])
    for name, roles in sorted(permissions.declared().items()):
        writer.writerow([name, *("x" if role.value in roles else "" for role in Role)])
    return out.getvalue()


def _application(data: Path) -> Flask:
    nowhere = "postgresql://nobody@127.0.0.1:1/none"
    return create_app(
        Settings(
            data=data,
            database_url=nowhere,
            redis_url="unix:///nowhere",
            owner_url=nowhere,
            base_url="http://localhost",
            secret_key="0" * 40,
            files=data / "files",
            keyring_file=data / "keyring.json",
            signing_key_file=data / "journal.key",
        )
    )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        ROUTES.write_text(routes(_application(Path(folder))))
    PERMISSIONS.write_text(table())
