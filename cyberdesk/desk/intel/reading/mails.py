"""A mail pasted as its source: who it says it is from, the way it came, and what it says."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from email import message_from_string
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser
from itertools import islice

_HEADER = re.compile(r"^([A-Za-z][A-Za-z0-9-]{1,60}):[ \t]", re.MULTILINE)
_TELLING = frozenset({"from", "return-path", "received", "subject", "message-id", "reply-to"})
_SENDERS = ("From", "Sender", "Reply-To", "Return-Path", "X-Originating-IP", "X-Sender-IP")
_LOOKED_AT = 4096
_LEAST_HEADERS = 2
_MOST_PARTS = 40
_LINKS = frozenset({"href", "src", "action"})


def is_mail(text: str) -> bool:
    """Say whether a text is the source of a mail: it begins with headers that tell of one."""
    head = text.lstrip()[:_LOOKED_AT].partition("\n\n")[0]
    names = {name.lower() for name in _HEADER.findall(head)}
    return len(names & _TELLING) >= _LEAST_HEADERS and _HEADER.match(head) is not None


@dataclass(frozen=True, slots=True)
class Mail:
    """What of a mail can hold traces of who sent it, never its recipients; names of its files."""

    told: str
    files: tuple[str, ...]


def read_mail(text: str) -> Mail:
    """Read the source of a mail; nothing in it is fetched, opened or kept."""
    mail = message_from_string(text.lstrip(), policy=default)
    parts = [part for part in islice(mail.walk(), _MOST_PARTS) if isinstance(part, EmailMessage)]
    top = parts[0] if parts else EmailMessage()
    told = [*_senders(top), *_way(top), *(_said(part) for part in parts)]
    return Mail("\n".join(told), tuple(name for part in parts if (name := _file_name(part))))


def _senders(mail: EmailMessage) -> Iterator[str]:
    for name in _SENDERS:
        yield from _header(mail, name)
    yield from _header(mail, "Subject")


def _way(mail: EmailMessage) -> Iterator[str]:
    """Where it came from, hop by hop; `by …` names the servers of those who received it."""
    for hop in _header(mail, "Received"):
        yield re.sub(r"[\[\]]", " ", re.split(r"\sby\s", hop, maxsplit=1)[0])


def _header(mail: EmailMessage, name: str) -> Iterator[str]:
    try:
        yield from (str(held) for held in mail.get_all(name, ()))
    except (ValueError, IndexError, AttributeError):  # the library stumbles over some that are bad
        return


def _file_name(part: EmailMessage) -> str:
    try:
        return part.get_filename() or ""
    except (ValueError, IndexError, AttributeError):
        return ""


def _said(part: EmailMessage) -> str:
    """What a part says in words; a part that is a file says nothing here."""
    if part.get_content_maintype() != "text" or _file_name(part):
        return ""
    said = _decoded(part)
    return _without_tags(said) if part.get_content_subtype() == "html" else said


def _decoded(part: EmailMessage) -> str:
    held = part.get_payload(decode=True)
    raw = held if isinstance(held, bytes) else b""
    try:
        return raw.decode(part.get_content_charset() or "utf-8", "replace")
    except LookupError:
        return raw.decode("utf-8", "replace")


class _Words(HTMLParser):
    """What a page says, and where its links lead: the two need not agree."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del tag
        self.said += [f" {held} " for name, held in attrs if name in _LINKS and held]

    def handle_data(self, data: str) -> None:
        self.said.append(data)


def _without_tags(page: str) -> str:
    words = _Words()
    with suppress(AssertionError):  # at some declarations the library gives up
        words.feed(page)
    return " ".join(words.said)
