"""Where a request may go: names are resolved once, each address is judged, then pinned."""

import ipaddress
import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from cyberdesk.core.text import Text, _

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolve = Callable[[str, int], list[str]]
_PORTS = {"http": 80, "https": 443}
_LONGEST_URL = 2_000
# IPv4 written into IPv6 by ways that were given up (RFC 4291 §2.5.5.1): no public host is there.
_NOWHERE = ipaddress.ip_network("::/96")


class EgressRefusedError(RuntimeError):
    """The request may not leave; the message says which rule stopped it."""

    def __init__(self, said: Text) -> None:
        super().__init__(said)
        self.said = said


@dataclass(frozen=True, slots=True)
class Rules:
    """What the operator allows beyond the public Internet over HTTPS.

    `networks` are private ranges that may be reached (a gateway on the own network);
    `plain` allows http:// to them, and to nobody else.
    """

    networks: tuple[Network, ...] = ()
    plain: bool = False

    @classmethod
    def parse(cls, text: str) -> "Rules":
        """Read `10.1.0.0/16, 192.168.4.20`; such addresses may be reached without TLS as well."""
        parts = [part for part in text.replace(",", " ").split() if part]
        return cls(tuple(ipaddress.ip_network(part) for part in parts), plain=bool(parts))


@dataclass(frozen=True, slots=True)
class Target:
    """A judged destination: the request goes to `address`, whatever the name becomes later."""

    scheme: str
    host: str
    port: int
    address: str
    path: str

    @property
    def authority(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


_rules = Rules()


def use(new: Rules) -> None:
    """Let connectors reach what `new` allows, in this process."""
    global _rules  # noqa: PLW0603  # one set of rules per process, from the settings
    _rules = new


def rules() -> Rules:
    return _rules


_closed: ContextVar[bool] = ContextVar("egress_closed", default=False)


@contextmanager
def closed() -> Iterator[None]:
    """Let nothing leave inside the block: an exercise is under way."""
    token = _closed.set(True)
    try:
        yield
    finally:
        _closed.reset(token)


def judge(url: str, rules: Rules, resolve: Resolve | None = None) -> Target:
    """Return where `url` leads, or raise EgressRefusedError."""
    parts = _parts(url)
    host, port = _authority(parts)
    address = _judged(host, port, parts.scheme, rules, resolve)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port, address, path)


def judge_server(
    host: str, port: int, rules: Rules, resolve: Resolve | None = None, *, clear: bool = False
) -> str:
    """Return the address of a server, or raise EgressRefusedError.

    One whose protocol does not encipher, `clear`, is judged as http:// is.
    """
    return _judged(host, port, "http" if clear else "https", rules, resolve)


def _judged(host: str, port: int, scheme: str, rules: Rules, resolve: Resolve | None) -> str:
    if _closed.get():
        raise EgressRefusedError(_("this is an exercise: nothing leaves"))
    addresses = [_plain(ipaddress.ip_address(a)) for a in (resolve or _resolve)(host, port)]
    if not addresses:
        raise EgressRefusedError(_("%(host)s has no address", host=host))
    for address in addresses:
        _judge_address(address, scheme, rules)
    return str(addresses[0])


def _parts(url: str) -> SplitResult:
    if len(url) > _LONGEST_URL or any(ord(sign) <= ord(" ") for sign in url):
        raise EgressRefusedError(_("the address is too long, or holds spaces or control signs"))
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise EgressRefusedError(_("this is no address: %(said)s", said=error)) from None
    if parts.scheme not in _PORTS:
        raise EgressRefusedError(_("only https:// and http:// leave"))
    return parts


def _authority(parts: SplitResult) -> tuple[str, int]:
    if parts.username or parts.password:
        raise EgressRefusedError(_("no user name or password in an address: use a secret field"))
    try:
        host, port = parts.hostname, parts.port or _PORTS[parts.scheme]
    except ValueError:
        raise EgressRefusedError(_("the port is not a number")) from None
    if not host:
        raise EgressRefusedError(_("the address names no host"))
    try:
        return host.encode("idna").decode() if not host.isascii() else host, port
    except UnicodeError:
        raise EgressRefusedError(_("the name of the host cannot be one")) from None


def _judge_address(address: Address, scheme: str, rules: Rules) -> None:
    allowed = any(address in network for network in rules.networks)
    if not allowed and not _public(address):
        raise EgressRefusedError(
            _(
                "%(address)s is not on the public Internet; an operator may allow its network",
                address=address,
            )
        )
    if scheme == "http" and not (allowed and rules.plain):
        raise EgressRefusedError(
            _("without TLS only networks that the operator allows are reached")
        )


def _public(address: Address) -> bool:
    if address in _NOWHERE or getattr(address, "is_site_local", False):
        return False
    return address.is_global and not address.is_multicast


def _plain(address: Address) -> Address:
    """Unwrap IPv4 in IPv6 (mapped, 6to4, Teredo, NAT64), so that it is judged as what it is."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
    if inner is None and address in ipaddress.ip_network("64:ff9b::/96"):
        inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    # A public wrapper around a private address would reach it: the inner one decides.
    return inner if inner is not None and (address.ipv4_mapped or not _public(inner)) else address


def _resolve(host: str, port: int) -> list[str]:
    try:
        found: Iterable[tuple[object, ...]] = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM
        )
    except OSError as error:
        raise EgressRefusedError(
            _("%(host)s cannot be resolved: %(said)s", host=host, said=error)
        ) from error
    return list(dict.fromkeys(str(entry[4][0]).split("%")[0] for entry in found))  # type: ignore[index]
