"""A browser for measuring: keeps cookies and its CSRF token, follows nothing, times each answer."""

import http.client
import re
import time
from html import unescape
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class Browser:
    """One connection kept open, as a browser's. `network` is where it seems to come from."""

    def __init__(self, address: str, network: str = "127.0.0.1") -> None:
        self._connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
        self._network, self._cookies, self.token = network, SimpleCookie(), ""
        self.seconds = 0.0  # that the last answer took

    def get(self, path: str) -> tuple[int, str]:
        return self._ask("GET", path, None)

    def send(self, path: str, **fields: object) -> tuple[int, str]:
        body = urlencode({"csrf_token": self.token} | fields, doseq=True)
        return self._ask("POST", path, body)

    def close(self) -> None:
        self._connection.close()

    def _ask(self, method: str, path: str, body: str | None) -> tuple[int, str]:
        heads = {"Accept": "text/html", "X-Forwarded-For": self._network}
        if self._cookies:
            pairs = (f"{name}={held.value}" for name, held in self._cookies.items())
            heads["Cookie"] = "; ".join(pairs)
        if body is not None:
            heads["Content-Type"] = "application/x-www-form-urlencoded"
        begun = time.perf_counter()
        self._connection.request(method, path, body, heads)
        answer = self._connection.getresponse()
        text = answer.read().decode(errors="replace")
        self.seconds = time.perf_counter() - begun
        for line in answer.headers.get_all("Set-Cookie") or ():
            self._cookies.load(line)
        if found := _TOKEN.search(text):
            self.token = unescape(found[1])
        return answer.status, text


def sign_in(browser: Browser, name: str) -> None:
    """Enter the demo as one of its people."""
    cast = browser.get("/demo")[1]
    door = re.search(rf'action="(/demo/[0-9a-f-]{{36}})"(?:(?!</form>).)*?{name}', cast, re.DOTALL)
    assert door, f"no {name} in the demo"
    status, _text = browser.send(door[1])
    assert status in {302, 303}, f"signing in answered {status}"
