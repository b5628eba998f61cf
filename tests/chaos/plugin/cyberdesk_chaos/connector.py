"""One action for each class of repetition. The other side counts how often each key was acted on.

Found by the house as any connector of another package is: by the entry point `cyberdesk.connectors`
in the folder beside this one.
"""

import json
from collections.abc import Mapping
from typing import Any

from cyberdesk.sdk import Connector, ConnectorError, Input, Tested, action

_BUSY = 503


class Chaos(Connector):
    def test_connection(self) -> Tested:
        return Tested(ok=self._ask("GET", "look").ok, said="it counts")

    @action("fold")
    def fold(self, given: Input) -> Mapping[str, Any]:
        return self._act("fold")

    @action("look")
    def look(self, given: Input) -> Mapping[str, Any]:
        return self._act("look")

    @action("check_look")
    def check_look(self, given: Input) -> Mapping[str, Any]:
        return self._counted(self._ask("GET", "look"))

    @action("blind")
    def blind(self, given: Input) -> Mapping[str, Any]:
        return self._act("blind")

    def _act(self, kind: str) -> Mapping[str, Any]:
        return self._counted(self._ask("POST", kind))

    def _ask(self, method: str, kind: str) -> Any:
        url = f"{self.context.settings['url']}/{kind}/{self.context.key}"
        return self.context.egress.request(method, url, body=b"" if method == "POST" else None)

    def _counted(self, answer: Any) -> Mapping[str, Any]:
        """Read the count; an empty mapping for none, which `check_look` means by "not done"."""
        if answer.status == _BUSY:
            raise ConnectorError("it is busy and did nothing")
        if not answer.ok:
            raise ConnectorError(f"it answers {answer.status}", done=None)
        count = json.loads(answer.body)["count"]
        return {"count": count} if count else {}
