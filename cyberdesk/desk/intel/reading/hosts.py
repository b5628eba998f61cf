"""Names and addresses of machines: domains in their ASCII form, IPv4, IPv6 and ranges."""

import ipaddress
import re
from functools import cache
from pathlib import Path

from cyberdesk.desk.intel.reading.characters import scripts
from cyberdesk.desk.intel.reading.sorts import Sort, Value

_LONGEST_NAME, _LONGEST_LABEL = 253, 63
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")
_TOP = re.compile(r"[a-z]{2,63}|xn--[a-z0-9-]{1,59}")
_NUMERIC = re.compile(r"[0-9a-fA-F:./%]+")
INTERNAL_TOPS = frozenset(
    {"local", "localdomain", "lan", "intra", "intranet", "corp", "home", "internal", "private"}
)
# RFC 5737 and RFC 3849: used in examples and exercises, neither private nor anybody's.
_EXAMPLES = tuple(
    ipaddress.ip_network(net)
    for net in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")
)


@cache
def tops() -> frozenset[str]:
    """Return the top-level domains that exist."""
    lines = Path(__file__).with_name("tlds.txt").read_text("utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def ascii_name(name: str) -> str | None:
    """Return a host name in lower case, accents by IDNA (RFC 3490), or None when it is none."""
    plain = name.rstrip(".").lower()
    if not plain or len(plain) > _LONGEST_NAME:
        return None
    if not plain.isascii():
        try:
            plain = plain.encode("idna").decode("ascii").lower()
        except UnicodeError:
            return None
    labels = plain.split(".")
    if any(len(part) > _LONGEST_LABEL or not _LABEL.fullmatch(part) for part in labels):
        return None
    return plain if len(plain) <= _LONGEST_NAME else None


def domain(text: str) -> Value | None:
    """Read a domain name of two labels or more; its top level need not be one that exists."""
    star = text.startswith("*.")
    plain = ascii_name(text.removeprefix("*."))
    if plain is None or "." not in plain or not _TOP.fullmatch(plain.rpartition(".")[2]):
        return None
    remarks = [*_likeness(plain), *(["wildcard"] if star else [])]
    if is_internal(plain):
        remarks.append("internal")
    return Value(Sort.DOMAIN, plain, tuple(remarks))


def is_internal(name: str) -> bool:
    """Say whether a host name means something only inside a network."""
    return "." not in name or name.rpartition(".")[2] in INTERNAL_TOPS


def unicode_name(name: str) -> str:
    """Return an ASCII host name as a browser shows it."""
    if "xn--" not in name:
        return name
    try:
        return name.encode("ascii").decode("idna")
    except UnicodeError:
        return name


def address(text: str) -> Value | None:
    """Read an IPv4 or IPv6 address, or a range in CIDR notation."""
    bare = text[1:-1] if text.startswith("[") and text.endswith("]") else text
    bare = bare.partition("%")[0] if ":" in bare else bare
    if not _NUMERIC.fullmatch(bare) or not ("." in bare or ":" in bare):
        return None
    try:
        net = ipaddress.ip_network(bare, strict=False)
    except ValueError:
        return None
    if "/" in bare and not _is_range(bare):
        return None
    whole = str(net) if "/" in bare else str(net.network_address)
    if net.network_address.is_unspecified or net.prefixlen == 0:
        return None
    sort = Sort.IPV4 if net.version == 4 else Sort.IPV6  # noqa: PLR2004  # the protocol's version
    return Value(sort, whole, ("internal",) if _is_private(net) else ())


def is_private(text: str) -> bool:
    """Say whether an address or range belongs to somebody's inside (RFC 1918 and its like)."""
    try:
        return _is_private(ipaddress.ip_network(text, strict=False))
    except ValueError:
        return False


def _is_private(net: ipaddress.IPv4Network | ipaddress.IPv6Network) -> bool:
    if any(net.version == known.version and _within(net, known) for known in _EXAMPLES):
        return False
    return net.is_private or net.is_link_local or net.is_loopback


def _within(
    net: ipaddress.IPv4Network | ipaddress.IPv6Network,
    known: ipaddress.IPv4Network | ipaddress.IPv6Network,
) -> bool:
    return net.network_address in known and net.broadcast_address in known


def _is_range(text: str) -> bool:
    # A mask of dotted digits is another notation, and `1.2.3.4/5.6` is none at all.
    return text.rpartition("/")[2].isdigit()


def _likeness(name: str) -> list[str]:
    """Remark a name that passes for another one: letters that only look Latin."""
    written = unicode_name(name)
    if written == name:
        return []
    return ["accents"] if scripts(written) <= {"LATIN"} else ["foreign-letters"]
