"""Showing a value so that nobody goes there by a click: `hxxps://exemple[.]fr/a`."""

import re

from cyberdesk.desk.intel.reading import Sort, Value, hosts
from cyberdesk.desk.intel.reading.characters import shown

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*)://([^/?#]*)(.*)", re.DOTALL)
_SAFE = {"http": "hxxp", "https": "hxxps", "ftp": "fxp", "ftps": "fxps"}
_DOTTED = frozenset({Sort.IPV4, Sort.DOMAIN})


def defang(value: Value) -> str:
    """Return the value as it may be written in a mail; reading it again gives the value."""
    if value.sort in _DOTTED:
        return value.text.replace(".", "[.]")
    if value.sort is Sort.EMAIL:
        return value.text.replace("@", "[@]").replace(".", "[.]")
    if value.sort is Sort.URL:
        return _url(value.text)
    return shown(value.text)


def written(value: Value) -> str:
    """Return what a browser would show instead of an ASCII name, or nothing when it is the same."""
    name = hosts.unicode_name(value.text) if "xn--" in value.text else value.text
    if value.sort is Sort.URL and "xn--" in value.text:
        found = _SCHEME.fullmatch(value.text)
        name = hosts.unicode_name(found[2]) if found else value.text
    return "" if name == value.text else name.replace(".", "[.]")


def _url(text: str) -> str:
    found = _SCHEME.fullmatch(text)
    if found is None:
        return text
    host = found[2].replace("@", "[@]").replace(".", "[.]")
    return f"{_SAFE.get(found[1], found[1])}://{host}{found[3]}"
