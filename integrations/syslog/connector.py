"""Events for a SIEM: RFC 5424 over TLS, TCP or UDP, with structured data or as CEF."""

import datetime as dt
import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from cyberdesk.sdk import Connector, ConnectorError, Input, Reason, Tested, action, both, trust

_SEVERITIES = ("emergency", "alert", "critical", "error", "warning", "notice", "info", "debug")
_IN_CEF = (10, 9, 8, 7, 5, 3, 2, 1)  # of ten, the other way round
_FACILITY = 13
_DATAGRAM = 2048  # RFC 5426 §3.2: what receivers should take
_BOM = "\ufeff"  # RFC 5424 §6.4: what follows is UTF-8


class Syslog(Connector):
    def test_connection(self) -> Tested:
        """Connect, and for TLS agree upon keys. Over UDP nobody answers: an event of debug goes."""
        if self._transport == "udp":
            given = {"event": "test", "text": "CyberDesk", "severity": "debug"}
            self._deliver(self._line(given))
            return Tested(ok=True, said=f"{self._where}: sent; UDP tells nothing of its arrival")
        with self._connected():
            return Tested(ok=True, said=self._where)

    @action("send")
    def send(self, given: Input) -> Mapping[str, Any]:
        line = self._line(given)
        self._deliver(line)
        return {"bytes": len(line)}

    @action("show_send")
    def show_send(self, given: Input) -> Mapping[str, Any]:
        return {"text": self._line(given).decode(errors="replace").replace(_BOM, "")}

    def _line(self, given: Input) -> bytes:
        """Return the message of RFC 5424 for an event."""
        settings = self.context.settings
        level = _SEVERITIES.index(given.get("severity", "notice"))
        at = given.get("at") or dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")
        host = settings.get("hostname") or socket.gethostname()
        head = f"<{settings.get('facility', _FACILITY) * 8 + level}>1 {at} {host} cyberdesk -"
        facts = dict(given.get("facts", {}))
        if settings.get("format", "plain") == "cef":
            rest = cef(
                given["event"], given["text"], level, {"externalId": self.context.key} | facts
            )
            line = f"{head} {given['event']} - {rest}"
        else:
            data = structured({"key": self.context.key} | facts)
            line = f"{head} {given['event']} {data} {_BOM}{_one_line(given['text'])}"
        raw = line.encode()
        if self._transport == "udp" and len(raw) > _DATAGRAM:
            raw = raw[:_DATAGRAM].decode(errors="ignore").encode()  # not within a sign
        return raw

    def _deliver(self, line: bytes) -> None:
        if self._transport == "udp":
            address = self._address()
            kind = socket.AF_INET6 if ":" in address else socket.AF_INET
            with socket.socket(kind, socket.SOCK_DGRAM) as datagrams:
                try:
                    datagrams.sendto(line, (address, self.context.settings["port"]))
                except OSError as error:
                    raise ConnectorError(f"{self._where}: {error}") from error
            return
        with self._connected() as stream:
            try:
                stream.sendall(b"%d %s" % (len(line), line))
                self._end(stream)
            except OSError as error:
                raise ConnectorError(f"{self._where}: {error}", done=None) from error

    def _end(self, stream: socket.socket) -> None:
        """Say that nothing follows and wait for the other side to have read so far."""
        if isinstance(stream, ssl.SSLSocket):
            with suppress(ssl.SSLError, TimeoutError):
                stream.settimeout(2.0)
                stream.unwrap()
        else:
            stream.shutdown(socket.SHUT_WR)

    def _connected(self) -> socket.socket:
        settings, seconds = self.context.settings, self.context.seconds
        address = self._address()
        tls = self._tls() if self._transport == "tls" else None
        try:
            stream = socket.create_connection((address, settings["port"]), seconds)
            if tls is None:
                return stream
            try:
                return tls.wrap_socket(stream, server_hostname=settings["host"])
            except BaseException:
                stream.close()
                raise
        except OSError as error:
            raise ConnectorError(f"{self._where}: {error}") from error

    def _tls(self) -> ssl.SSLContext:
        held = {**self.context.settings, **self.context.secrets}
        try:
            return trust(*(held.get(name, "") for name in ("authority", "certificate", "key")))
        except ValueError as error:
            raise ConnectorError(
                both(f"the certificates do not fit: {error}", f"certificats refusés : {error}"),
                again=False,
                reason=Reason.SETTINGS,
            ) from error

    def _address(self) -> str:
        settings, clear = self.context.settings, self._transport != "tls"
        return self.context.egress.address(settings["host"], settings["port"], clear=clear)

    @property
    def _transport(self) -> str:
        return str(self.context.settings.get("transport", "tls"))

    @property
    def _where(self) -> str:
        return f"{self.context.settings['host']}:{self.context.settings['port']}"


def structured(facts: Mapping[str, str]) -> str:
    """Return facts as one element of structured data (RFC 5424 §6.3)."""
    told = "".join(f' {name}="{_in_quotes(value)}"' for name, value in facts.items() if value)
    return f"[cyberdesk@32473{told}]" if told else "-"


def cef(event: str, text: str, level: int, facts: Mapping[str, str]) -> str:
    """Return an event in the Common Event Format, version 0."""
    head = "|".join(_in_head(one) for one in ("CyberDesk", "CyberDesk", "1", event, text))
    told = " ".join(f"{name}={_in_extension(value)}" for name, value in facts.items() if value)
    return f"CEF:0|{head}|{_IN_CEF[level]}|{told}"


def _one_line(text: str) -> str:
    """Return a text in which nothing begins another line."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


def _in_quotes(text: str) -> str:
    kept = _one_line(text).replace("\\", "\\\\")
    return kept.replace('"', '\\"').replace("]", "\\]")


def _in_head(text: str) -> str:
    return _one_line(text).replace("\\", "\\\\").replace("|", "\\|")


def _in_extension(text: str) -> str:
    kept = text.replace("\\", "\\\\").replace("=", "\\=")
    lines = kept.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\\n".join(map(_one_line, lines))
