"""What a text is, said only when it is sure.

A person looks at what was read before anything is kept, so that a doubt costs one click, while a
wrong guess could put a phone number on a block list. A version, a date or a phone number is
no address; `facture.zip` is a file and `facture[.]zip` an address; `DSI.Et` is two sentences.
"""

from collections.abc import Callable, Iterable

from cyberdesk.desk.intel.reading import files, hosts, names, urls
from cyberdesk.desk.intel.reading.sorts import Sort, Value

_PRODUCTS = frozenset({"asp.net", "ado.net", "vb.net", "system.io", "socket.io", "paint.net"})
_SHORT_TOP = 3

# How each sort is read when a person or a label says that it is this.
_SAID: dict[Sort, Callable[[str], Value | None]] = {
    Sort.IPV4: lambda text: _only(hosts.address(text), Sort.IPV4),
    Sort.IPV6: lambda text: _only(hosts.address(text), Sort.IPV6),
    Sort.DOMAIN: hosts.domain,
    Sort.URL: lambda text: urls.url(text) or urls.without_scheme(text),
    Sort.EMAIL: names.email,
    Sort.MD5: lambda text: _only(names.digest(text), Sort.MD5),
    Sort.SHA1: lambda text: _only(names.digest(text), Sort.SHA1),
    Sort.SHA256: lambda text: _only(names.digest(text), Sort.SHA256),
    Sort.SHA512: lambda text: _only(names.digest(text), Sort.SHA512),
    Sort.SSDEEP: names.ssdeep,
    Sort.TLSH: names.tlsh,
    Sort.FILE: files.file,
    Sort.PATH: lambda text: _only(files.path(text), Sort.PATH),
    Sort.FOLDER: files.folder,
    Sort.REGISTRY: files.registry,
    Sort.PROCESS: names.process,
    Sort.MUTEX: names.mutex,
    Sort.ACCOUNT: names.account,
    Sort.MAC: names.mac,
    Sort.ASN: names.network,
}


def read_as(sorts: Iterable[Sort], text: str) -> Value | None:
    """Read `text` as the first of `sorts` that it can be."""
    for sort in sorts:
        found = _SAID[sort](text)
        if found:
            return found
    return None


def detect(text: str, *, defanged: bool = False, quoted: bool = False) -> Value | None:
    """Read a text of which nobody said what it is; None when it is not sure.

    Who defanged it meant an address; who put it between quotes meant all of it.
    """
    ways = (
        _url, files.registry, _path, names.email, names.mac, names.digest, names.ssdeep,
        names.windows_object, names.windows_account,
    )  # fmt: skip
    for way in ways:
        if found := way(text):
            return found
    if not defanged and _looks_like_version(text):
        return None
    return _address(text) or _named(text, defanged=defanged, quoted=quoted)


def _url(text: str) -> Value | None:
    found = urls.url(text)
    return found if found and found.text.partition("://")[0] in urls.SCHEMES else None


def _address(text: str) -> Value | None:
    """An address, perhaps with its port."""
    if found := hosts.address(text):
        return found
    host, colon, port = text.rpartition(":")
    held = hosts.address(host) if colon and port.isdigit() and _has_port(host) else None
    return held and Value(held.sort, held.text, (*held.remarks, "port-left-out"))


def _has_port(host: str) -> bool:
    return host.count(":") == 0 or host.startswith("[")


def _looks_like_version(text: str) -> bool:
    """Say whether a text is of single digits and dots: `1.2.3.4` is more often a version."""
    parts = text.lstrip("vV").split(".")
    return all(len(part) == 1 and part.isdigit() for part in parts)


def _named(text: str, *, defanged: bool, quoted: bool = False) -> Value | None:
    """A domain or a file: the two look alike, and so each needs its ending."""
    last = text.rstrip(".").rpartition(".")[2].lower()
    if "/" in text:
        found = urls.without_scheme(text)
        return found if found and (defanged or _is_top(text.partition("/")[0])) else None
    if last in files.endings() and not defanged:
        return _file(text, doubtful=last in hosts.tops(), quoted=quoted)
    host, colon, port = text.partition(":")
    if colon and port.isdigit():
        found = _named(host, defanged=defanged)
        return found and Value(found.sort, found.text, (*found.remarks, "port-left-out"))
    found = hosts.domain(text)
    if found and (defanged or (_is_top(text) and not _is_prose(text))):
        return found
    return None


def _path(text: str) -> Value | None:
    """A path; prose behind it would become part of its last name."""
    found = files.path(text)
    if found is None or found.sort is Sort.FOLDER or " " not in files.split(text)[1]:
        return found
    return found if files.ending(text) in files.endings() else None


def _file(text: str, *, doubtful: bool, quoted: bool) -> Value | None:
    """A name without spaces; with them it may be a whole sentence that ends in a file."""
    found = files.file(text) if quoted or " " not in text else None
    return found and Value(found.sort, found.text, ("or-domain",) if doubtful else ())


def _is_top(host: str) -> bool:
    name = hosts.ascii_name(host.partition(":")[0].removeprefix("*."))
    return name is not None and name.rpartition(".")[2] in hosts.tops() | hosts.INTERNAL_TOPS


def _is_prose(text: str) -> bool:
    """Say whether a dot may stand between sentences or after an initial: `DSI.Et`, `A.Paris`."""
    first, _dot, last = text.rpartition(".")
    return (
        text.lower() in _PRODUCTS
        or (len(last) <= _SHORT_TOP and last[:1].isupper() and last[1:].islower())
        or (len(first) == 1 and len(last) > _SHORT_TOP)
    )


def _only(found: Value | None, sort: Sort) -> Value | None:
    return found if found and found.sort is sort else None
