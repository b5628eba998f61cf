"""Webhooks as in the Standard Webhooks specification 1.0: id, timestamp, HMAC-SHA256 signature."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from typing import Any

from cyberdesk.sdk import Connector, ConnectorError, Input, Reason, Tested, action

_TRY_LATER = {408, 425, 429}
_SERVER_FAULT = 500
_NOT_LET_IN = {401, 403}


class Webhook(Connector):
    def test_connection(self) -> Tested:
        """Post a `webhook:test`, signed like any other: only its receiver knows whether it fits."""
        status = self._post("webhook:test", {}, self.context.key)
        reason = Reason.LOGIN if status in _NOT_LET_IN else Reason.ANSWER
        return Tested(200 <= status < 300, f"the address answers {status}", reason=reason)

    @action("post")
    def post(self, given: Input) -> Mapping[str, Any]:
        status = self._post(given["event"], given.get("data", {}), self.context.key)
        if 200 <= status < 300:
            return {"status": status}
        again = status in _TRY_LATER or status >= _SERVER_FAULT
        raise ConnectorError(f"the address answers {status}", again=again)

    @action("show_post")
    def show_post(self, given: Input) -> Mapping[str, Any]:
        headers, body = self._call(given["event"], given.get("data", {}), self.context.key)
        lines = [f"POST {self.context.settings['url']}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        return {"text": "\n".join([*lines, "", body.decode()])}

    def _post(self, event: str, data: Mapping[str, Any], key: str) -> int:
        headers, body = self._call(event, data, key)
        url = self.context.settings["url"]
        return self.context.egress.request("POST", url, headers=headers, body=body).status

    def _call(self, event: str, data: Mapping[str, Any], key: str) -> tuple[dict[str, str], bytes]:
        body = json.dumps({"type": event, "data": data}, ensure_ascii=False).encode()
        stamp = str(int(time.time()))
        headers = {
            "Content-Type": "application/json",
            "webhook-id": key,
            "webhook-timestamp": stamp,
            "webhook-signature": self._signature(key, stamp, body),
        }
        return headers, body

    def _signature(self, key: str, stamp: str, body: bytes) -> str:
        secret = self.context.secrets["secret"].encode()
        digest = hmac.new(secret, f"{key}.{stamp}.".encode() + body, hashlib.sha256).digest()
        return "v1," + base64.b64encode(digest).decode()
