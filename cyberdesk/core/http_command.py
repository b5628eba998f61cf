"""Commands that are HTTP requests: a start line, headers and a body, judged before they leave."""

import base64
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from cyberdesk.core.command import Command
from cyberdesk.core.connector import ConnectorError, Input, Reason, both

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_VERSION = re.compile(r"HTTP/?[0-9](\.[0-9])?")
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110 §5.6.2
_HOST = r"([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])"
_AUTHORITY = re.compile(_HOST + "(:[0-9]{1,5})?")
_OURS = {"connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "expect"}
_SCHEMES = {"bearer", "oauth", "token"}
_USUAL = {"http": 80, "https": 443}
_NESTED = 4  # how often a path may be percent-encoded before nobody can say what it means


@dataclass(frozen=True, slots=True)
class HttpCommand:
    """An HTTP request as a command asks for it. `secret` are the headers that nobody is shown."""

    method: str
    url: str
    headers: Mapping[str, str]
    secret: Mapping[str, str]
    content: bytes

    @classmethod
    def read(
        cls, given: Input, methods: Collection[str] = METHODS, *, rehearsed: bool = False
    ) -> "HttpCommand":
        """Raises ConnectorError where it is not one honest request to one address.

        When it is only `rehearsed`, secrets that are named by a reference may still be missing.
        """
        command = Command.read(given)
        access = command.authentication
        if rehearsed and access.get("kms"):
            access = {"user_id": "-", "password": "-", "token": "-", **access}
        method, where = _start_line(command.text, methods)
        url = _url(command, where)
        headers = dict(_headers(command.headers, urlsplit(url)))
        secret = _credentials(access)
        if twice := {name.lower() for name in headers} & {name.lower() for name in secret}:
            [name] = twice
            raise _no(
                f"{name} is in the headers and in the authentication: leave one out",
                f"{name} est dans les en-têtes et dans l’authentification : retirez l’un des deux",
            )
        return cls(method, url, headers, secret, command.content)

    def keep_within(self, destinations: Iterable[str]) -> None:
        """Raise ConnectorError when it goes to none of these, which an administrator allowed."""
        if not self.within(destinations):
            raise ConnectorError(
                both(
                    f"{self.url} is not among the destinations allowed",
                    f"{self.url} n’est pas parmi les destinations permises",
                ),
                hint=both(
                    "An administrator may add it under Connectors.",
                    "Un administrateur peut l’ajouter sous Connecteurs.",
                ),
                again=False,
                reason=Reason.GUARDED,
            )

    def within(self, destinations: Iterable[str]) -> bool:
        """Say whether it goes to one of these: same scheme, host and port, and below its path."""
        here = urlsplit(self.url)
        for one in destinations:
            there = urlsplit(one)
            below = there.path.rstrip("/")
            same = _origin(here) == _origin(there)
            if same and (here.path == below or here.path.startswith(below + "/")):
                return True
        return False

    def shown(self) -> str:
        """Return the request as it would travel, without its secrets."""
        lines = [f"{self.method} {self.url}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        lines += [f"{name}: …" for name in self.secret]
        return "\n".join([*lines, "", self.content.decode(errors="replace")]).rstrip()


def _no(en: str, fr: str) -> ConnectorError:
    return ConnectorError(both(en, fr), again=False, reason=Reason.SETTINGS)


def _start_line(text: str, methods: Collection[str]) -> tuple[str, str]:
    line = text.strip()
    if _CONTROL.search(line) or not line.isascii():
        raise _no(
            "the start line holds a line end, a control sign or a letter that is not ASCII",
            "la première ligne contient une fin de ligne, un signe de contrôle ou une lettre "
            "hors ASCII",
        )
    parts = line.split(" ")
    if len(parts) not in {2, 3} or (parts[2:] and not _VERSION.fullmatch(parts[2])):
        raise _no(
            f"{line[:80]}: write it as GET /path HTTP/1.1",
            f"{line[:80]} : écrivez-la comme GET /chemin HTTP/1.1",
        )
    if parts[0] not in methods:
        listed = ", ".join(methods)
        raise _no(f"{parts[0]}: use one of {listed}", f"{parts[0]} : choisissez parmi {listed}")
    return parts[0], parts[1]


def _url(command: Command, where: str) -> str:
    base = _base(command)
    if "://" in where.partition("?")[0]:
        url = where
        if base and _origin(_checked(url)) != _origin(urlsplit(base)):
            raise _no(
                f"{where} is not at the target {base}",
                f"{where} n’est pas chez la cible {base}",
            )
    elif where.startswith(("//", "*")) or not base:
        raise _no(
            f"{where}: give a path below an address of the target, or a whole URL",
            f"{where} : donnez un chemin sous une adresse de la cible, ou une URL entière",
        )
    else:
        url = base.rstrip("/") + "/" + where.removeprefix("/")
    _checked(url)
    return url


def _base(command: Command) -> str:
    """Return where the target is, as a URL without a query; "" when it has no address."""
    port, listed = command.port, command.addresses("url")
    if not listed:
        host = command.host
        if host and not re.fullmatch(_HOST, host):
            raise _no(f"{host} is no host", f"{host} n’est pas un serveur")
        return f"https://{host}:{port}" if host and port else host and f"https://{host}"
    parts = _checked(listed[0])
    if parts.query:
        raise _no(f"{listed[0]}: no query here", f"{listed[0]} : pas de paramètres ici")
    if port and parts.port not in {None, port}:
        raise _no(f"two ports: {parts.port}, {port}", f"deux ports : {parts.port}, {port}")
    authority = f"{parts.netloc}:{port}" if port and not parts.port else parts.netloc
    return f"{parts.scheme}://{authority}{parts.path}"


def _checked(url: str) -> SplitResult:
    """Refuse what two readers could understand differently."""
    odd = _CONTROL.search(url) or not url.isascii() or set(url) & set("\\# ")
    try:
        parts = urlsplit(url)
        _port = parts.port  # read here, as it is refused only when it is read
    except ValueError:
        odd, parts = True, SplitResult("", "", "", "", "")
    if odd or parts.scheme not in _USUAL or not _AUTHORITY.fullmatch(parts.netloc):
        raise _no(
            f"{url[:200]}: give https://host/path, without a user name, a fragment or spaces",
            f"{url[:200]} : donnez https://serveur/chemin, sans identifiant, fragment ni espace",
        )
    if _climbs(parts.path):
        raise _no(
            f"{parts.path[:200]}: no . or .. in a path",
            f"{parts.path[:200]} : ni . ni .. dans un chemin",
        )
    return parts


def _climbs(path: str) -> bool:
    """Say whether a path holds dot segments, however often they are encoded."""
    for _ in range(_NESTED):
        if {".", ".."} & set(re.split(r"[/\\;]", path)):
            return True
        decoded = unquote(path)
        if decoded == path:
            return False
        path = decoded
    return True


def _origin(parts: SplitResult) -> tuple[str, str, int | None]:
    return parts.scheme, parts.hostname or "", parts.port or _USUAL.get(parts.scheme)


def _headers(given: Mapping[str, list[str]], url: SplitResult) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for name, values in given.items():
        low, value = name.lower(), ", ".join(values)
        if not _TOKEN.fullmatch(name) or low in seen:
            raise _no(f"{name!r} is no header", f"{name!r} n’est pas un en-tête")
        if _CONTROL.search(value) or not value.isascii():
            raise _no(
                f"{name}: no line end, control sign or letter that is not ASCII in a header",
                f"{name} : ni fin de ligne, ni signe de contrôle, ni lettre hors ASCII",
            )
        if low in _OURS or low.startswith("proxy-") or (low == "host" and value != url.netloc):
            raise _no(f"{name} is not yours to set", f"{name} n’est pas à vous de le fixer")
        seen.add(low)
        if low not in {"host", "content-length"}:  # they are worked out
            yield name, value


def _credentials(told: Mapping[str, Any]) -> dict[str, str]:
    """Return the header that lets the request in (CACAO 2.0 §6)."""
    if not told:
        return {}
    kind = str(told.get("type", ""))
    if kind in {"http-basic", "user-auth"}:
        user = told.get("user_id") or told.get("username")
        both_parts = f"{_secret(user)}:{_secret(told.get('password'))}"
        return {"Authorization": "Basic " + base64.b64encode(both_parts.encode()).decode()}
    if kind == "oauth2":
        return _oauth(str(told.get("oauth_header") or "Bearer"), _secret(told.get("token")))
    raise _no(
        f"authentication {kind!r}: use http-basic or oauth2",
        f"authentification {kind!r} : choisissez http-basic ou oauth2",
    )


def _oauth(header: str, token: str) -> dict[str, str]:
    """CACAO leaves open whether `oauth_header` is a header, a scheme, or both: all are read."""
    name, _colon, scheme = (part.strip() for part in header.partition(":"))
    if name.lower() in _SCHEMES:
        name, scheme = "Authorization", name
    elif name.lower() == "authorization":
        scheme = scheme or "Bearer"
    if not _TOKEN.fullmatch(name) or not token.isascii():
        raise _no("this OAuth header is none", "cet en-tête OAuth n’en est pas un")
    bare = not scheme or token.lower().startswith(f"{scheme.lower()} ")
    return {name: token if bare else f"{scheme} {token}"}


def _secret(value: Any) -> str:
    if not isinstance(value, str) or not value or _CONTROL.search(value):
        raise ConnectorError(
            both(
                "a secret of the authentication is empty, or no text",
                "un secret de l’authentification est vide, ou n’est pas un texte",
            ),
            again=False,
            reason=Reason.LOGIN,
        )
    return value
