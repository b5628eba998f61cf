"""The session cookie: signed and dated as Flask does it, then sealed.

It holds what a page must remember until the next: who is signed in, a code to be read out once, a
link that was just made. A browser's profile is copied, backed up and looked through; ours says
nothing (ASVS 5.0 V14.3.3).
"""

from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import BadSignature, URLSafeTimedSerializer

from cyberdesk.core.crypto import vault
from cyberdesk.core.crypto.carried import open_carried, seal_carried

_WHAT = "session"


class SealedSessions(SecureCookieSessionInterface):
    def get_signing_serializer(self, app: Flask) -> Any:
        inner = super().get_signing_serializer(app)
        return _Sealing(inner) if inner else None


class _Sealing:
    def __init__(self, inner: URLSafeTimedSerializer) -> None:
        self._inner = inner

    def dumps(self, content: dict[str, Any]) -> str:
        signed = self._inner.dumps(content)
        text = signed if isinstance(signed, str) else signed.decode()
        return seal_carried(text, what=_WHAT, peppers=vault.peppers())

    def loads(self, sealed: str, max_age: int | None = None) -> Any:
        signed = open_carried(sealed, what=_WHAT, peppers=vault.peppers())
        if signed is None:
            raise BadSignature("not a session of ours")
        return self._inner.loads(signed, max_age=max_age)
