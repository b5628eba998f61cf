"""Entries of a calendar over CalDAV (RFC 4791), written as iCalendar (RFC 5545)."""

import base64
import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from cyberdesk.sdk import (
    Answer,
    Connector,
    ConnectorError,
    Input,
    Reason,
    Tested,
    action,
    both,
    calling,
    refusal,
)

_MULTI_STATUS = 207
_GONE = {404, 410}
_WIDEST = 75  # octets of a line (RFC 5545 §3.1)
_ASKED = b'<?xml version="1.0"?><propfind xmlns="DAV:"><prop><resourcetype/></prop></propfind>'


class CalDav(Connector):
    def test_connection(self) -> Tested:
        """Ask what stands at the address. Nothing is written."""
        headers = {"Depth": "0", "Content-Type": "application/xml; charset=utf-8"}
        answer = self._ask("PROPFIND", self._url, headers=headers, body=_ASKED)
        if answer.status != _MULTI_STATUS:
            raise refusal(answer)
        if b"urn:ietf:params:xml:ns:caldav" not in answer.body:
            raise ConnectorError(
                both(
                    f"{self._url} is no calendar: name the address of one, not of an account",
                    f"{self._url} n’est pas un agenda : donnez son adresse, pas celle d’un compte",
                ),
                again=False,
                reason=Reason.SETTINGS,
            )
        return Tested(ok=True, said=self._url)

    @action("put")
    def put(self, given: Input) -> Mapping[str, Any]:
        url, uid = self._entry(str(self.context.number)), str(self.context.number)
        headers = {"Content-Type": "text/calendar; charset=utf-8"}
        answer = self._ask("PUT", url, headers=headers, body=written(uid, given).encode())
        if not answer.ok:
            raise refusal(answer)
        return {"uid": uid, "url": url}

    @action("remove")
    def remove(self, given: Input) -> Mapping[str, Any]:
        answer = self._ask("DELETE", self._entry(given["uid"]))
        if not answer.ok and answer.status not in _GONE:
            raise refusal(answer)
        return {"removed": answer.ok}

    @action("show_put")
    def show_put(self, given: Input) -> Mapping[str, Any]:
        uid = str(self.context.number)
        return {"text": f"PUT {self._entry(uid)}\n\n{written(uid, given)}".replace("\r\n", "\n")}

    @action("show_remove")
    def show_remove(self, given: Input) -> Mapping[str, Any]:
        return {"text": f"DELETE {self._entry(given['uid'])}"}

    def _ask(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> Answer:
        return calling(self.context).request(
            method, url, headers={**self._login(), **(headers or {})}, body=body
        )

    def _login(self) -> dict[str, str]:
        name = self.context.settings.get("username", "")
        if not name:
            return {}
        pair = f"{name}:{self.context.secrets.get('password', '')}".encode()
        return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}

    def _entry(self, uid: str) -> str:
        return f"{self._url}{uid}.ics"

    @property
    def _url(self) -> str:
        return str(self.context.settings["url"])


def written(uid: str, given: Input) -> str:
    """Return the calendar object of one entry."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//CyberDesk//CyberDesk//EN"]
    lines += [*_component(uid, given), "END:VCALENDAR"]
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def _component(uid: str, given: Input) -> Iterator[str]:
    kind = "VTODO" if given.get("kind") == "task" else "VEVENT"
    at = _moment(given["at"])
    yield f"BEGIN:{kind}"
    yield f"UID:{uid}"
    yield f"DTSTAMP:{_utc(dt.datetime.now(dt.UTC))}"
    if kind == "VTODO":
        yield f"DUE:{_utc(at)}"
    else:
        yield f"DTSTART:{_utc(at)}"
        yield f"DTEND:{_utc(at + dt.timedelta(minutes=given.get('minutes', 30)))}"
    yield f"SUMMARY:{_text(given['title'])}"
    for name, value in (("DESCRIPTION", "text"), ("LOCATION", "place")):
        if given.get(value):
            yield f"{name}:{_text(given[value])}"
    if "remind" in given:
        yield from ("BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{_text(given['title'])}")
        related = ";RELATED=END" if kind == "VTODO" else ""
        yield from (f"TRIGGER{related}:-PT{given['remind']}M", "END:VALARM")
    yield f"END:{kind}"


def _moment(text: str) -> dt.datetime:
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise ConnectorError(
            both(f"{text} is no moment: {error}", f"{text} n’est pas un instant : {error}"),
            again=False,
            reason=Reason.SETTINGS,
        ) from error


def _utc(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(text: str) -> str:
    """Escape a value of type TEXT (RFC 5545 §3.3.11); control signs have no place in one."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept = ("".join(s for s in line if s.isprintable() or s == "\t") for line in lines)
    escaped = "\n".join(kept).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """Cut a line where it grows too wide, never within a sign; what follows begins with a space."""
    held = ""
    for sign in line:
        if len((held + sign).encode()) > _WIDEST:
            yield held
            held = " "
        held += sign
    yield held
