"""Webhooks as in the Standard Webhooks specification 1.0: id, timestamp, HMAC-SHA256 signature."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from typing import Any

from cyberdesk.sdk import Connector, ConnectorError, Input, Tested, action

_TRY_LATER = {408, 425, 429}
_SERVER_FAULT = 500


class Webhook(Connector):
    def test_connection(self) -> Tested:
        status = self._post("webhook:test", {}, "test")
        ok = 200 <= status < 300
        return Tested(ok, f"the address answers {status}", "" if ok else "Check the address.")

    @action("post")
    def post(self, given: Input) -> Mapping[str, Any]:
        status = self._post(given["event"], given.get("data", {}), self.context.key)
        if 200 <= status < 300:
            return {"status": status}
        again = status in _TRY_LATER or status >= _SERVER_FAULT
        raise ConnectorError(f"the address answers {status}", again=again)

    def _post(self, event: str, data: Mapping[str, Any], key: str) -> int:
        body = json.dumps({"type": event, "data": data}, ensure_ascii=False).encode()
        stamp = str(int(time.time()))
        answer = self.context.egress.request(
            "POST",
            self.context.settings["url"],
            headers={
                "Content-Type": "application/json",
                "webhook-id": key,
                "webhook-timestamp": stamp,
                "webhook-signature": self._signature(key, stamp, body),
            },
            body=body,
        )
        return answer.status

    def _signature(self, key: str, stamp: str, body: bytes) -> str:
        secret = self.context.secrets["secret"].encode()
        digest = hmac.new(secret, f"{key}.{stamp}.".encode() + body, hashlib.sha256).digest()
        return "v1," + base64.b64encode(digest).decode()
