"""A mail as it came (RFC 5322): who says to have written it, what it says, what hangs on it.

Whatever a stranger sent is read here: nothing is fetched, opened or run, and nothing that is badly
formed may raise.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.policy import default
from email.utils import parseaddr
from html.parser import HTMLParser
from itertools import islice

from cyberdesk.core.hygiene import clean
from cyberdesk.core.ids import read_reference

_REFERENCE = re.compile(
    r"(?<![A-Z0-9])CD[- ]?[A-Z0-9]{3}[- ]?[A-Z0-9]{3}(?![A-Z0-9])", re.IGNORECASE
)
_ADDRESS = re.compile(r"[^\s@<>\"',;:()]{1,64}@[^\s@<>\"',;:()]{1,255}")
_MOST_PARTS = 200
_LONGEST = 8_000  # characters of its text; the whole is in the file
_SLOW = 200_000  # bytes of a page of HTML that are read
_BULK = {"bulk", "junk", "list", "auto_reply"}
_SILENT = {"script", "style", "head", "title", "template"}
_LINES = {"p", "br", "div", "tr", "li", "h1", "h2", "h3", "blockquote", "table", "ul", "ol"}


@dataclass(frozen=True, slots=True)
class File:
    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """`address` is "" where none can be read; `references` are those of cases that it bears.

    `passed` are the servers that say to have checked the sender, and found it right.
    """

    address: str
    name: str
    subject: str
    number: str
    references: tuple[str, ...]
    text: str
    files: tuple[File, ...]
    automatic: bool
    passed: frozenset[str]


def read_mail(source: bytes) -> Mail:
    """Read the source of a mail."""
    mail = message_from_bytes(source, policy=default)
    # The bare list of headers: the library's own reading of one stumbles over some bad ones.
    name, address = parseaddr(_header(mail, "From"))
    parts = [part for part in islice(mail.walk(), _MOST_PARTS) if not part.is_multipart()]
    return Mail(
        address=address.casefold() if _ADDRESS.fullmatch(address) else "",
        name=clean(name).text.strip(),
        subject=_header(mail, "Subject"),
        number=_header(mail, "Message-ID"),
        references=_references(mail),
        text=_text(parts)[:_LONGEST],
        files=tuple(_files(parts)),
        automatic=_automatic(mail),
        passed=frozenset(_passed(mail)),
    )


def _passed(mail: Message) -> Iterator[str]:
    """Yield the servers whose topmost word on the sender is that DMARC passes (RFC 8601 §2.2).

    A server writes above what came with the mail: what stands below may be a stranger's.
    """
    heard: set[str] = set()
    for name, said in mail.raw_items():
        if str(name).lower() != "authentication-results":
            continue
        server, *results = str(said).split(";")
        who = server.split()[0].lower() if server.split() else ""
        if who not in heard and any(re.match(r"\s*dmarc\s*=\s*pass\b", one) for one in results):
            yield who
        heard.add(who)


def _automatic(mail: Message) -> bool:
    """Say whether nobody wrote it: answers of machines, bounces, lists (RFC 3834 §2, RFC 3464)."""
    by = _header(mail, "Auto-Submitted").partition(";")[0].strip().lower()
    return (
        by not in {"", "no"}
        or _header(mail, "Precedence").lower() in _BULK
        or ("Return-Path" in mail and _header(mail, "Return-Path") in {"<>", ""})
        or "List-Id" in mail
        or mail.get_content_type() == "multipart/report"
    )


def _references(mail: Message) -> tuple[str, ...]:
    said = " ".join(_header(mail, name) for name in ("Subject", "References", "In-Reply-To"))
    found = (read_reference(one) for one in _REFERENCE.findall(said))
    return tuple(dict.fromkeys(reference for reference in found if reference))


def _header(mail: Message, name: str) -> str:
    try:
        return clean(" ".join(str(mail.get(name) or "").split())).text
    except Exception:  # noqa: BLE001  # the library raises whatever comes on some bad headers
        return ""


def _text(parts: Sequence[Message]) -> str:
    """Return what it says, plain where there is any, else its HTML as text."""
    bodies = [part for part in parts if not _is_file(part)]
    plain = [_decoded(part) for part in bodies if part.get_content_type() == "text/plain"]
    said = "\n".join(plain).strip()
    if not said:
        pages = [_decoded(part) for part in bodies if part.get_content_type() == "text/html"]
        said = "\n".join(map(without_tags, pages))
    return re.sub(r"\n{3,}", "\n\n", clean(said.replace("\r\n", "\n")).text).strip()


def _files(parts: Sequence[Message]) -> Iterator[File]:
    for part in parts:
        if _is_file(part):
            held = part.get_payload(decode=True)
            yield File(_file_name(part) or part.get_content_type(), _bytes(held))


def _is_file(part: Message) -> bool:
    try:
        put = part.get_content_disposition()
    except Exception:  # noqa: BLE001  # as above
        put = None
    return put == "attachment" or bool(_file_name(part)) or part.get_content_maintype() != "text"


def _file_name(part: Message) -> str:
    try:
        return part.get_filename() or ""
    except Exception:  # noqa: BLE001  # as above
        return ""


def _bytes(held: object) -> bytes:
    return held if isinstance(held, bytes) else b""


def _decoded(part: Message) -> str:
    raw = _bytes(part.get_payload(decode=True))[:_SLOW]
    try:
        return raw.decode(str(part.get_content_charset() or "utf-8"), "replace")
    except (LookupError, ValueError):
        return raw.decode("utf-8", "replace")


class _Words(HTMLParser):
    """What a page says to who looks at it."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self._silent += tag in _SILENT
        if tag in _LINES:
            self.said.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._silent = max(self._silent - (tag in _SILENT), 0)

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.said.append(re.sub(r"\s+", " ", data))


def without_tags(page: str) -> str:
    """Return the words of a page of HTML."""
    words = _Words()
    with suppress(AssertionError):  # at some declarations the library gives up: the file has all
        words.feed(page)
        words.close()
    return re.sub(r" *\n *", "\n", "".join(words.said)).strip()
