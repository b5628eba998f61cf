"""A person at a browser, without scripts, who tries again when the page does not come."""

import re
import time
from collections.abc import Callable, Mapping
from html import unescape
from http.client import HTTPException
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, Request, build_opener

_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
_PAUSE = 0.5  # seconds before the page is asked for again


class GivenUpError(Exception):
    """The campaign is over."""


class Page:
    def __init__(self, status: int, address: str, text: str, location: str) -> None:
        self.status, self.address, self.text, self.location = status, address, text, location

    @property
    def path(self) -> str:
        return urlsplit(self.address).path


class Browser:
    """Keeps cookies and follows no redirect by itself. `network` is where it seems to come from."""

    def __init__(self, address: str, network: str, over: Callable[[], bool]) -> None:
        self._address, self._network, self._over = address, network, over
        self._opener = build_opener(HTTPCookieProcessor(CookieJar()), _Stay)
        self.token = ""

    def once(self, path: str, fields: Mapping[str, Any] | None = None) -> Page | None:
        """Ask for a page, or send a form; None when no sound answer came."""
        data = None
        if fields is not None:
            data = urlencode({"csrf_token": self.token} | dict(fields), doseq=True).encode()
        asked = Request(self._address + path, data)  # http to ourselves
        asked.add_header("X-Forwarded-For", self._network)
        asked.add_header("Accept", "text/html")
        try:
            page = self._open(asked)
        except (OSError, HTTPException):
            return None
        if found := _TOKEN.search(page.text):
            self.token = unescape(found[1])
        return None if page.status >= 500 else page

    def get(self, path: str) -> Page:
        """Ask for a page until it comes, through redirects."""
        page = self._until(lambda: self.once(path))
        while page.location:
            page = self.get(page.location)
        return page

    def send(self, path: str, fields: Mapping[str, Any]) -> Page:
        """Send a form until an answer comes, as one who presses the button again."""
        return self._until(lambda: self.once(path, fields))

    def _until(self, act: Callable[[], Page | None]) -> Page:
        while True:
            if page := act():
                return page
            if self._over():
                raise GivenUpError
            time.sleep(_PAUSE)

    def _open(self, asked: Request) -> Page:
        try:
            answer = self._opener.open(asked, timeout=15)
        except HTTPError as error:
            answer = error
        with answer:
            text = answer.read().decode(errors="replace")
            location = answer.headers.get("Location") or ""
            return Page(answer.status, answer.url, text, _path(location))


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


def _path(location: str) -> str:
    found = urlsplit(location)
    return f"{found.path}?{found.query}" if found.query else found.path
