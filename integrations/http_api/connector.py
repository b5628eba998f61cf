"""HTTP calls as CACAO 2.0 writes them (`http-api`), where an administrator allows them to go."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from cyberdesk.sdk import (
    BODY,
    Connector,
    HttpCommand,
    Input,
    Repeat,
    Tested,
    action,
    calling,
    refusal,
)

_SAME_TWICE = {"GET", "HEAD", "OPTIONS", "PUT", "DELETE"}  # RFC 9110 §9.2.2
_KEY = "Idempotency-Key"


class HttpApi(Connector):
    def test_connection(self) -> Tested:
        """Ask each destination for its headers: whatever it answers, it was reached."""
        egress, there = calling(self.context), self.context.settings["destinations"]
        said = [f"{one}: {egress.request('HEAD', one).status}" for one in there]
        return Tested(ok=True, said="; ".join(said))

    @action("request")
    def request(self, given: Input) -> Mapping[str, Any]:
        asked = self._asked(given)
        headers = {**asked.headers, **asked.secret}
        answer = calling(self.context).request(
            asked.method, asked.url, headers=headers, body=asked.content or None
        )
        if not answer.ok:
            raise refusal(answer)
        return {
            "status": answer.status,
            "body": answer.body[:BODY].decode(errors="replace"),
            "content_type": answer.headers.get("content-type", ""),
            "truncated": len(answer.body) > BODY,
        }

    @action("show_request")
    def show_request(self, given: Input) -> Mapping[str, Any]:
        return {"text": self._asked(given, rehearsed=True).shown()}

    @action("repeat_request")
    def repeat_request(self, given: Input) -> Repeat:
        asked = self._asked(given, rehearsed=True)
        folded = asked.within(self.context.settings.get("folding", ()))
        return Repeat.IDEMPOTENT if folded or asked.method in _SAME_TWICE else Repeat.UNSAFE

    def _asked(self, given: Input, *, rehearsed: bool = False) -> HttpCommand:
        asked = HttpCommand.read(given, rehearsed=rehearsed)
        asked.keep_within(self.context.settings["destinations"])
        known = {name.lower() for name in asked.headers}
        if asked.method in _SAME_TWICE or _KEY.lower() in known:
            return asked
        return replace(asked, headers={**asked.headers, _KEY: str(self.context.number)})
