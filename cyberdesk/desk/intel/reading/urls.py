"""Web addresses in the form of RFC 3986: host in lower case and ASCII, the rest percent-encoded."""

import re
from urllib.parse import SplitResult, quote, urlsplit

from cyberdesk.desk.intel.reading import hosts
from cyberdesk.desk.intel.reading.sorts import Sort, Value

SCHEMES = frozenset(
    {"http", "https", "ftp", "ftps", "sftp", "ssh", "smb", "ldap", "ldaps", "ws", "wss", "tcp"}
    | {"udp", "rdp", "telnet", "socks5", "file"}
)
_SCHEMED = re.compile(r"([a-z][a-z0-9+.-]{1,15})://(.+)", re.IGNORECASE)
_REG_NAME = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*")  # an underscore may stand in a URL's host
_USERINFO, _PATH, _QUERY = "!$&'()*+,;=:~", "/!$&'()*+,;=:@~", "/?!$&'()*+,;=:@~"
_LONE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_MOST_TRIMMED = 8
_OPENED = {")": "(", "]": "[", ">": "<", "»": "«"}


def url(text: str) -> Value | None:
    """Read an address with its scheme, known or not."""
    found = _SCHEMED.fullmatch(text)
    if found is None or any(sign.isspace() for sign in text):
        return None
    try:
        parts = urlsplit(text)
        whole, remarks = _whole(parts)
    except ValueError:
        return None
    return Value(Sort.URL, whole, remarks) if whole else None


def without_scheme(text: str) -> Value | None:
    """Read `exemple.fr/page`: the scheme is assumed, and that is remarked."""
    host, slash, path = text.partition("/")
    if not slash or not path or "@" in host or hosts.domain(host.partition(":")[0]) is None:
        return None
    found = url(f"http://{text}")
    return found and Value(found.sort, found.text, (*found.remarks, "scheme-assumed"))


def trimmed(text: str) -> str:
    """Cut what a sentence puts behind an address; a bracket that the address opened stays."""
    for _sign in range(_MOST_TRIMMED):
        if not text or not (text[-1] in ".,;:!?" or _unopened(text)):
            break
        text = text[:-1]
    return text


def host_of(text: str) -> str:
    """Return the host of an address that `url` has made."""
    return urlsplit(text).hostname or ""


def _whole(parts: SplitResult) -> tuple[str, tuple[str, ...]]:
    host, remarks = _host(parts.hostname or "")
    if not host:
        return "", ()
    user, at, _rest = parts.netloc.rpartition("@")
    port = f":{parts.port}" if parts.port is not None else ""  # raises ValueError out of range
    whole = f"{parts.scheme.lower()}://{_encoded(user, _USERINFO)}{at}{host}{port}"
    whole += _encoded(parts.path, _PATH)
    whole += f"?{_encoded(parts.query, _QUERY)}" if parts.query else ""
    whole += f"#{_encoded(parts.fragment, _QUERY)}" if parts.fragment else ""
    return whole, (*remarks, *(("credentials",) if at else ()))


def _host(given: str) -> tuple[str, tuple[str, ...]]:
    plain = given.rstrip(".")
    number = hosts.address(plain)
    if number is not None and "/" not in number.text:
        return (f"[{number.text}]" if number.sort is Sort.IPV6 else number.text), number.remarks
    if named := hosts.domain(plain):
        return named.text, named.remarks
    lower = hosts.ascii_name(plain) or plain.lower()
    if not lower.isascii() or not _REG_NAME.fullmatch(lower) or _like_number(lower):
        return "", ()
    return lower, (("internal",) if hosts.is_internal(lower) else ())


def _like_number(host: str) -> bool:
    return host.rpartition(".")[2].isdigit()  # `http://300.1.2.3/`, `http://1.2/`


def _encoded(part: str, safe: str) -> str:
    kept = _LONE_PERCENT.sub("%25", part)
    return quote(kept, safe=safe + "%")


def _unopened(text: str) -> bool:
    opener = _OPENED.get(text[-1])
    return opener is not None and text.count(text[-1]) > text.count(opener)
