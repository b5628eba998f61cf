"""Commands over SSH: pinned hosts, a list of what may be run, and what came of it.

asyncssh takes a second to load: it is imported when something is run, never for a page.
"""

import asyncio
import contextvars
import datetime as dt
import ipaddress
import re
import shlex
import time
from collections.abc import AsyncIterator, Coroutine, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from cyberdesk.sdk import (
    BODY,
    Command,
    Connector,
    ConnectorError,
    Input,
    Reason,
    Repeat,
    Tested,
    action,
    both,
)

Made = TypeVar("Made")
_PORT = 22
_PLACES = {
    "ip": r"[0-9A-Fa-f:.]{2,45}",
    "network": r"[0-9A-Fa-f:.]{2,45}/[0-9]{1,3}",
    "name": r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}",
    "number": r"[0-9]{1,12}",
    "path": r"/[A-Za-z0-9._/-]{0,500}",
    "text": r"[^\x00-\x1f\x7f]{1,500}",
}
_PLACE = re.compile(f"<({'|'.join(_PLACES)})>")


@dataclass(frozen=True, slots=True)
class Host:
    user: str
    name: str
    port: int
    key: str

    @classmethod
    def read(cls, line: str) -> "Host":
        where, _space, key = line.partition(" ")
        user, _at, server = where.rpartition("@")
        name, _colon, port = server.rpartition(":") if server[-1:] != "]" else (server, "", "")
        name, port = (name, port) if port.isdecimal() and name else (server, str(_PORT))
        return cls(user, name.strip("[]").lower(), int(port), key)

    def __str__(self) -> str:
        return f"{self.user}@{self.name}" + (f":{self.port}" if self.port != _PORT else "")


def _to_its_end(work: Coroutine[Any, Any, Made]) -> Made:
    """Run it on a loop and in a thread of its own: whoever calls may have a loop already."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(contextvars.copy_context().run, asyncio.run, work).result()


class Ssh(Connector):
    def test_connection(self) -> Tested:
        """Sign in to each host and run nothing."""
        hosts = [Host.read(line) for line in self.context.settings["hosts"]]
        for host in hosts:
            _to_its_end(self._greet(host))
        return Tested(ok=True, said=", ".join(map(str, hosts)))

    @action("run")
    def run(self, given: Input) -> Mapping[str, Any]:
        """Run the command and return what came of it; an exit status other than 0 is a failure."""
        command = Command.read(given)
        host, line = self._host(command), self._line(command)
        output = _to_its_end(self._run(host, line, command.authentication))
        if output["status"] == 0:
            return output
        [last] = output["stderr"].strip().splitlines()[-1:] or [""]
        end = f"{output['signal'] or output['status']}. {last}"
        raise ConnectorError(
            both(f"{host}: ended with {end}", f"{host} : terminé par {end}"),
            done=True,
            again=False,
            reason=Reason.ANSWER,
            output=output,
        )

    @action("show_run")
    def show_run(self, given: Input) -> Mapping[str, Any]:
        command = Command.read(given)
        return {"text": f"{self._host(command)}$ {self._line(command)}"}

    @action("repeat_run")
    def repeat_run(self, given: Input) -> Repeat:
        text = Command.read(given).text.strip()
        again = allowed(text, self.context.settings.get("repeatable", ())) is not None
        return Repeat.IDEMPOTENT if again else Repeat.UNSAFE

    def _host(self, command: Command) -> Host:
        name, port = command.host.strip("[]").lower(), command.port or _PORT
        for line in self.context.settings["hosts"]:
            host = Host.read(line)
            if (host.name, host.port) == (name, port):
                return host
        where = f"{name}:{port}" if name else "?"
        raise ConnectorError(
            both(
                f"{where}: no host allowed; the target's dname, ipv4 or ipv6 names one of them",
                f"{where} : aucun serveur permis ; dname, ipv4 ou ipv6 de la cible en nomme un",
            ),
            again=False,
            reason=Reason.GUARDED,
        )

    def _line(self, command: Command) -> str:
        text, settings = command.text.strip(), self.context.settings
        line = allowed(text, [*settings["commands"], *settings.get("repeatable", ())])
        if line is None:
            raise ConnectorError(
                both(
                    f"this command is not allowed: {text[:200]!r}",
                    f"cette commande n’est pas permise : {text[:200]!r}",
                ),
                hint=both(
                    "An administrator may add it under Connectors.",
                    "Un administrateur peut l’ajouter sous Connecteurs.",
                ),
                again=False,
                reason=Reason.GUARDED,
            )
        return line

    async def _greet(self, host: Host) -> None:
        async with self._open(host, {}):
            pass

    async def _run(self, host: Host, line: str, login: Mapping[str, Any]) -> dict[str, Any]:
        import asyncssh

        began, clock = dt.datetime.now(dt.UTC), time.monotonic()
        async with self._open(host, login) as connection:
            try:
                left = max(self.context.seconds - (time.monotonic() - clock), 0.1)
                async with asyncio.timeout(left):
                    process = await connection.create_process(
                        line, encoding=None, stdin=asyncssh.DEVNULL
                    )
                    out, error = await asyncio.gather(*map(_kept, (process.stdout, process.stderr)))
                    await process.wait_closed()
                    if process.exit_status is None:
                        raise ConnectionResetError
            except (TimeoutError, OSError, asyncssh.Error) as broken:
                raise ConnectorError(
                    both(
                        f"{host}: the command was not seen to end: {broken or 'too late'}",
                        f"{host} : on n’a pas vu la commande finir : {broken or 'trop tard'}",
                    ),
                    done=None,
                ) from broken
        return {
            "status": process.exit_status,  # -1 when a signal stopped it
            "signal": process.exit_signal[0] if process.exit_signal else "",
            "stdout": out[:BODY].decode(errors="replace"),
            "stderr": error[:BODY].decode(errors="replace"),
            "truncated": max(len(out), len(error)) > BODY,
            "host": str(host),
            "command": line,
            "began": began.isoformat(timespec="seconds"),
            "seconds": round(time.monotonic() - clock, 3),
        }

    @asynccontextmanager
    async def _open(self, host: Host, login: Mapping[str, Any]) -> AsyncIterator[Any]:
        """Sign in. Whatever fails here, nothing was run."""
        import asyncssh

        address = self.context.egress.address(host.name, host.port)
        try:
            async with asyncio.timeout(self.context.seconds):
                connection = await asyncssh.connect(
                    address,
                    host.port,
                    username=host.user,
                    known_hosts=([asyncssh.import_public_key(host.key)], [], []),
                    config=None,
                    agent_path=None,
                    x509_trusted_certs=None,
                    **self._login(host, login),
                )
        except (asyncssh.Error, asyncssh.KeyImportError, OSError, TimeoutError) as error:
            raise _unopened(host, error) from error
        try:
            yield connection
        finally:
            connection.abort()

    def _login(self, host: Host, told: Mapping[str, Any]) -> dict[str, Any]:
        """Return the password that the command brings for this host's user, else our key."""
        import asyncssh

        if not told:
            key = asyncssh.import_private_key(self.context.secrets["key"].strip() + "\n")
            return {"client_keys": [key], "preferred_auth": "publickey"}
        user, password = told.get("username") or told.get("user_id"), told.get("password")
        if user != host.user or not isinstance(password, str) or not password:
            raise ConnectorError(
                both(
                    f"the authentication has no password of {host.user}, the user of this host",
                    f"l’authentification n’a pas de mot de passe de {host.user}, "
                    "l’utilisateur de ce serveur",
                ),
                again=False,
                reason=Reason.LOGIN,
            )
        asked = "password,keyboard-interactive"
        return {"client_keys": [], "password": password, "preferred_auth": asked}


def allowed(text: str, lines: Iterable[str]) -> str | None:
    """Return the command line to send for `text`, or None when none of `lines` allows it.

    A line as it stands is sent as the administrator wrote it, shell signs and all. Of a line with
    places, each word is quoted: what fills a place is one argument, whatever it holds.
    """
    if re.search(r"[\x00-\x1f\x7f]", text):
        return None
    listed = list(lines)
    if text in listed and not _PLACE.search(text):
        return text
    try:
        words = shlex.split(text)
    except ValueError:  # a quote that is not closed
        return None
    fitting = any(_fits(words, line) for line in listed if _PLACE.search(line))
    return shlex.join(words) if words and fitting else None


def _fits(words: list[str], line: str) -> bool:
    try:
        places = shlex.split(line)
    except ValueError:
        return False
    return len(words) == len(places) and all(map(_word_fits, words, places))


def _word_fits(word: str, place: str) -> bool:
    kinds: list[str] = []
    pattern, end = "", 0
    for found in _PLACE.finditer(place):
        kinds.append(found[1])
        pattern += re.escape(place[end : found.start()]) + f"({_PLACES[found[1]]})"
        end = found.end()
    filled = re.fullmatch(pattern + re.escape(place[end:]), word)
    if filled is None:
        return False
    # An argument that begins with - would be an option, which nobody allowed.
    option = word.startswith("-") and not place.startswith("-")
    return not option and all(map(_valid, kinds, filled.groups()))


def _valid(kind: str, value: str) -> bool:
    if kind == "path":
        return ".." not in value.split("/")
    read = {"ip": ipaddress.ip_address, "network": ipaddress.ip_network}.get(kind)
    try:
        return read is None or bool(read(value))
    except ValueError:
        return False


async def _kept(stream: Any) -> bytes:
    """Read to the end, and keep the beginning: a command that talks on is not held up."""
    kept = bytearray()
    while chunk := await stream.read(BODY):
        kept += chunk[: BODY + 1 - len(kept)]
    return bytes(kept)


def _unopened(host: Host, error: BaseException) -> ConnectorError:
    import asyncssh

    if isinstance(error, asyncssh.HostKeyNotVerifiable):
        return ConnectorError(
            both(
                f"{host}: it shows another key than the one set up",
                f"{host} : il montre une autre clé que celle qui est réglée",
            ),
            hint=both(
                "It was installed anew, or somebody stands between: ask who runs it.",
                "Il a été réinstallé, ou quelqu’un s’interpose : demandez à qui le tient.",
            ),
            again=False,
            reason=Reason.CERTIFICATE,
        )
    if isinstance(error, asyncssh.PermissionDenied):
        return ConnectorError(
            both(f"{host}: it lets us not in", f"{host} : il ne nous laisse pas entrer"),
            again=False,
            reason=Reason.LOGIN,
        )
    if isinstance(error, asyncssh.KeyImportError):
        return ConnectorError(
            both(f"{host}: a key cannot be read: {error}", f"{host} : clé illisible : {error}"),
            again=False,
            reason=Reason.SETTINGS,
        )
    return ConnectorError(
        both(f"{host} does not answer: {error}", f"{host} ne répond pas : {error}"),
        reason=Reason.BROKEN if isinstance(error, asyncssh.Error) else None,
    )
