"""The guarded HTTP client of connectors, webhooks and TAXII."""

import ssl
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

import urllib3
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

from cyberdesk.core.egress.guard import (
    EgressRefusedError,
    Resolve,
    Rules,
    Target,
    judge,
    judge_server,
)
from cyberdesk.core.text import _

_REDIRECTS = {301, 302, 303, 307, 308}
_CHUNK = 65_536
_KEEPS_METHOD = {307, 308}


class NoAnswerError(RuntimeError):
    """Nobody answered in time, or the answer broke off.

    `sent` says whether what was sent may have arrived: without a connection it did not.
    """

    def __init__(self, message: str, *, sent: bool = True) -> None:
        super().__init__(message)
        self.sent = sent


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300  # noqa: PLR2004  # RFC 9110 §15.3


@dataclass(frozen=True, slots=True)
class Egress:
    """Sends requests where `rules` allow. Sizes are in bytes, times in seconds, in all.

    A longer answer than `limit` is refused, or with `cut` cut there. With no `redirects` allowed,
    an answer that redirects is returned as it is. `tls` says whom to trust (`egress.tls.trust`).
    """

    rules: Rules = field(default_factory=Rules)
    limit: int = 8 << 20
    seconds: float = 20.0
    redirects: int = 3
    resolve: Resolve | None = None
    agent: str = "CyberDesk"
    cut: bool = False
    tls: ssl.SSLContext | None = None

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> Answer:
        """Return the answer. EgressRefusedError: nothing was sent; NoAnswerError: it may have.

        Redirects are judged like the first address. To another host, port or scheme they lose
        credentials, and what was sent is not sent again.
        """
        end = time.monotonic() + self.seconds
        sent = {"User-Agent": self.agent, "Accept-Encoding": "identity"} | dict(headers or {})
        for _hop in range(self.redirects + 1):
            target = judge(url, self.rules, self.resolve)
            answer = self._send(method, url, target, headers=sent, body=body, end=end)
            led = answer.status in _REDIRECTS and "location" in answer.headers
            if not led or not self.redirects:
                return answer
            before, url = url, urljoin(url, answer.headers["location"])
            if answer.status not in _KEEPS_METHOD and method not in {"GET", "HEAD"}:
                method, body = "GET", None
            if _origin(url) != _origin(before):
                if body is not None:
                    raise EgressRefusedError(
                        _("it redirects elsewhere what was meant for it alone")
                    )
                sent = _without_secrets(sent)
        raise EgressRefusedError(_("more than %(count)s redirects", count=self.redirects))

    def address(self, host: str, port: int, *, clear: bool = False) -> str:
        """Return the judged address of a server of another kind, such as SSH: connect to that.

        With `clear`, where nothing will be enciphered.
        """
        return judge_server(host, port, self.rules, self.resolve, clear=clear)

    def _send(
        self,
        method: str,
        url: str,
        target: Target,
        *,
        headers: Mapping[str, str],
        body: bytes | None,
        end: float,
    ) -> Answer:
        left = max(end - time.monotonic(), 0.1)
        pool = _pool(target, left, self.tls)
        try:
            response = pool.urlopen(
                method,
                target.path,
                body=body,
                headers={"Host": target.authority, **headers},
                retries=False,
                redirect=False,
                assert_same_host=False,
                preload_content=False,
                decode_content=False,
            )
            content = self._read(response, end)
        except (HTTPError, OSError) as error:
            raise NoAnswerError(f"{target.host}: {error}", sent=_reached(error)) from error
        finally:
            pool.close()
        lower = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status, lower, content, url)

    def _read(self, response: urllib3.BaseHTTPResponse, end: float) -> bytes:
        """Read at most `limit` bytes before `end`: an endless body ends here."""
        content = bytearray()
        while chunk := response.read1(_CHUNK):
            content += chunk
            if len(content) > self.limit:
                if self.cut:
                    return bytes(content[: self.limit])
                raise EgressRefusedError(
                    _("the answer is larger than %(count)s bytes", count=self.limit)
                )
            if time.monotonic() > end:
                raise NoAnswerError(f"the answer took longer than {self.seconds} s")
        return bytes(content)


def _reached(error: Exception) -> bool:
    """Say whether anything may have been sent before this error."""
    if isinstance(error, NewConnectionError | ConnectTimeoutError):
        return False
    return not any(isinstance(one, ssl.SSLCertVerificationError) for one in error.args)


def _pool(target: Target, seconds: float, tls: ssl.SSLContext | None) -> HTTPConnectionPool:
    """Connect to the judged address; TLS is still verified against the name."""
    timeout = urllib3.Timeout(connect=min(seconds, 5.0), read=seconds, total=seconds)
    if target.scheme == "https":
        return HTTPSConnectionPool(
            target.address,
            target.port,
            timeout=timeout,
            server_hostname=target.host,
            assert_hostname=target.host,
            cert_reqs="CERT_REQUIRED",
            ssl_context=tls,
        )
    return HTTPConnectionPool(target.address, target.port, timeout=timeout)


def _without_secrets(headers: Mapping[str, str]) -> dict[str, str]:
    kept = {"user-agent", "accept", "accept-encoding", "content-type"}
    return {name: value for name, value in headers.items() if name.lower() in kept}


def _origin(url: str) -> tuple[str, str, int | None]:
    """RFC 6454: scheme, host and port. An address that is none is refused when it is judged."""
    parts = urlsplit(url)
    with suppress(ValueError):
        usual = {"http": 80, "https": 443}.get(parts.scheme)
        return parts.scheme, parts.hostname or "", parts.port or usual
    return parts.scheme, parts.netloc, None
