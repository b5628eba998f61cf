"""Mail in, over IMAP4rev1 (RFC 3501) with TLS from the start (RFC 8314) or STARTTLS."""

import imaplib
import re
import socket
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from cyberdesk.sdk import (
    Connector,
    ConnectorError,
    Item,
    Looked,
    Reason,
    Tested,
    both,
    trust,
)

_MOST = 20  # mails of one look
_MOST_BYTES = 60 << 20
_HEAD = 256 << 10
_MEGABYTE = 1 << 20


class _Server(imaplib.IMAP4):
    """Connected to the judged address; the certificate must still bear the server's name."""

    def __init__(self, host: str, port: int, *, address: str, tls: Any, seconds: float) -> None:
        self._address, self._tls = address, tls
        super().__init__(host, port, timeout=seconds)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        plain = socket.create_connection((self._address, self.port), timeout)
        if self._tls is None:
            return plain
        try:
            enciphered: socket.socket = self._tls.wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            plain.close()
            raise
        return enciphered


class Imap(Connector):
    def test_connection(self) -> Tested:
        """Sign in and count. Nothing is fetched or marked."""
        with self._folder(readonly=True) as (server, _valid):
            every, unread = (len(_search(server, what)) for what in ("ALL", "UNSEEN"))
        return Tested(ok=True, said=f"{self._where}: {every} mails, {unread} unread")

    def look(self, position: Mapping[str, Any], kept: Sequence[str]) -> Looked:
        """Mark as read what was kept, then fetch what came, without marking that."""
        with self._folder(readonly=not kept) as (server, valid):
            start = {"of": self._where, "validity": valid}
            if {name: position.get(name) for name in start} != start:
                last = max(_search(server, "ALL"), default=0)
                position, kept = {**start, "uid": 0, "unread_until": last}, ()
            if kept:
                _asked(server.uid("STORE", ",".join(kept), "+FLAGS.SILENT", r"(\Seen)"))
            items = list(self._items(server, position))
        return Looked(items, items[-1].position if items else position)

    def _items(self, server: imaplib.IMAP4, position: Mapping[str, Any]) -> Iterator[Item]:
        left = _MOST_BYTES
        for uid in _wanted(server, position)[:_MOST]:
            size = _size(server, uid)
            if size is None:
                continue  # taken away meanwhile
            whole = size <= self.context.settings.get("largest", 25) * _MEGABYTE
            left -= size if whole else 0
            if left < 0:
                return
            part = "BODY.PEEK[]" if whole else f"BODY.PEEK[HEADER]<0.{_HEAD}>"
            found = _asked(server.uid("FETCH", str(uid), f"({part})"))
            content = next((one[1] for one in found if isinstance(one, tuple)), None)
            if content is not None:
                yield Item(str(uid), content, {**position, "uid": uid}, whole)

    @contextmanager
    def _folder(self, *, readonly: bool) -> Iterator[tuple[imaplib.IMAP4, int]]:
        server = self._signed_in()
        try:
            name = self.context.settings.get("folder", "INBOX")
            quoted = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
            answer, said = server.select(quoted, readonly)
            if answer != "OK":
                raise ConnectorError(
                    both(
                        f"{self._host} has no folder {name}: {_words(said)}",
                        f"{self._host} n’a pas de dossier {name} : {_words(said)}",
                    ),
                    again=False,
                    reason=Reason.SETTINGS,
                )
            valid = server.response("UIDVALIDITY")[1]
            yield server, int(valid[0] or 0) if valid else 0
        except (imaplib.IMAP4.error, OSError) as error:
            raise self._broken(error) from error
        finally:
            with suppress(imaplib.IMAP4.error, OSError):
                server.shutdown()

    def _signed_in(self) -> imaplib.IMAP4:
        """Return a connection that is enciphered and signed in."""
        settings = self.context.settings
        host, port = settings["host"], settings["port"]
        address = self.context.egress.address(host, port)
        tls = self._trust()
        begins = settings.get("security", "tls") == "tls"
        try:
            server = _Server(
                host,
                port,
                address=address,
                tls=tls if begins else None,
                seconds=self.context.seconds,
            )
        except (imaplib.IMAP4.error, OSError) as error:
            raise self._broken(error) from error
        try:
            if not begins:
                server.starttls(tls)
            self._sign_in(server)
        except BaseException as error:
            with suppress(OSError):
                server.shutdown()
            if isinstance(error, imaplib.IMAP4.error | OSError):
                raise self._broken(error) from error
            raise
        return server

    def _sign_in(self, server: imaplib.IMAP4) -> None:
        name, password = self.context.settings["username"], self.context.secrets["password"]
        try:
            # As bytes: what is not ASCII goes as UTF-8, which SASL asks for (RFC 4616).
            plain = b"\0".join((b"", name.encode(), password.encode()))
            if "AUTH=PLAIN" in server.capabilities:
                server.authenticate("PLAIN", lambda _challenge: plain)
            else:
                server.login(name, password)
        except imaplib.IMAP4.abort:
            raise
        except (imaplib.IMAP4.error, UnicodeError) as error:
            raise ConnectorError(
                both(
                    f"{self._host} refuses the user name or password",
                    f"{self._host} refuse l’identifiant ou le mot de passe",
                ),
                hint=str(error),
                again=False,
                reason=Reason.LOGIN,
            ) from error

    def _trust(self) -> ssl.SSLContext:
        try:
            return trust(self.context.settings.get("authority", ""))
        except ValueError as error:
            raise ConnectorError(
                both(f"the authority cannot be read: {error}", f"autorité illisible : {error}"),
                again=False,
                reason=Reason.SETTINGS,
            ) from error

    def _broken(self, error: BaseException) -> ConnectorError:
        said = f"{self._host}: {error}"
        return ConnectorError(said, reason=None if isinstance(error, OSError) else Reason.BROKEN)

    @property
    def _host(self) -> str:
        return f"{self.context.settings['host']}:{self.context.settings['port']}"

    @property
    def _where(self) -> str:
        settings = self.context.settings
        return f"{settings['username']}@{self._host}/{settings.get('folder', 'INBOX')}"


def _wanted(server: imaplib.IMAP4, position: Mapping[str, Any]) -> list[int]:
    """Return what came after the position; of what was there from the start, the unread alone."""
    last, until = position["uid"], position["unread_until"]
    # `n:*` always names the last one, even below n (RFC 3501 §6.4.8).
    found = sorted(uid for uid in _search(server, f"UID {last + 1}:*") if uid > last)
    if last >= until:
        return found
    unread = set(_search(server, "UNSEEN"))
    return [uid for uid in found if uid > until or uid in unread]


def _search(server: imaplib.IMAP4, what: str) -> list[int]:
    found = _asked(server.uid("SEARCH", what))
    return [int(uid) for line in found if isinstance(line, bytes) for uid in line.split()]


def _size(server: imaplib.IMAP4, uid: int) -> int | None:
    told = _words(_asked(server.uid("FETCH", str(uid), "(RFC822.SIZE)")))
    found = re.search(r"RFC822\.SIZE (\d+)", told)
    return int(found[1]) if found else None


def _asked(answer: tuple[str, list[Any]]) -> list[Any]:
    said, found = answer
    if said != "OK":
        raise imaplib.IMAP4.error(_words(found))
    return found


def _words(said: Sequence[Any]) -> str:
    return " ".join(one.decode(errors="replace") for one in said if isinstance(one, bytes))
