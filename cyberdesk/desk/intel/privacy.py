"""What a value says of the victim: what must not leave even where its marking would let it."""

import re
import unicodedata

from cyberdesk.desk.intel.marking import Tlp
from cyberdesk.desk.intel.reading import Sort, Value, hosts, urls

_PERSONAL = frozenset({Sort.MAC, Sort.ACCOUNT})
_HOME = re.compile(
    r"\\(?:users|utilisateurs|documents and settings)\\|/(?:home|users)/", re.IGNORECASE
)
_SHARE = re.compile(r"\\\\[^\\\s]+\\")
_NAMED = frozenset({Sort.PATH, Sort.FOLDER, Sort.PROCESS, Sort.REGISTRY})
_SHORT = 6
_COMMON = frozenset({"commune", "mairie", "ville", "syndicat", "communaute", "agglomeration"})


def inside(value: Value) -> bool:
    """Say whether a value means something only within the victim's walls, or names people there.

    Private addresses, internal names, hardware addresses, accounts, passwords in an address,
    personal folders and network shares.
    """
    text = value.text
    if value.sort in _PERSONAL:
        return True
    if value.sort in (Sort.IPV4, Sort.IPV6):
        return hosts.is_private(text)
    if value.sort in (Sort.DOMAIN, Sort.EMAIL):
        return hosts.is_internal(text.rpartition("@")[2])
    if value.sort is Sort.URL:
        host = urls.host_of(text)
        return "@" in text.partition("://")[2].partition("/")[0] or _inside_host(host)
    return value.sort in _NAMED and bool(_HOME.search(text) or _SHARE.search(text))


def names(value: Value, victim: str) -> bool:
    """Say whether the victim's name stands in the value: `mairie-valfleur.fr` for Valfleur.

    A short name counts only as a word of its own, or half of the web would name Nice.
    """
    words = [word for word in _words(victim) if word not in _COMMON]
    plain, joined = _words(value.text), "".join(_words(value.text))
    whole = "".join(words)
    if len(whole) >= _SHORT:
        return whole in joined
    return bool(whole) and whole in plain


def suggested(value: Value) -> Tlp:
    """Return the marking that a value gets when nobody chooses one."""
    return Tlp.AMBER_STRICT if inside(value) else Tlp.AMBER


def _inside_host(host: str) -> bool:
    numeric = ":" in host or host.replace(".", "").isdigit()
    return hosts.is_private(host) if numeric else hosts.is_internal(host)


def _words(text: str) -> list[str]:
    flat = unicodedata.normalize("NFKD", hosts.unicode_name(text).lower())
    return re.findall(r"[a-z0-9]+", "".join(c for c in flat if not unicodedata.combining(c)))
