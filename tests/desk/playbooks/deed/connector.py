"""A connector whose other side is a file: one line for each effect that really happened."""

import os
import time
from pathlib import Path

from cyberdesk.sdk import Connector, ConnectorError, Repeat, Tested, action


class Deed(Connector):
    @property
    def _file(self) -> Path:
        return Path(self.context.settings["file"])

    def test_connection(self):
        return Tested(ok=self._file.parent.is_dir(), said="a folder")

    def _do(self, given):
        mode = given.get("mode", "")
        if mode == "down":
            raise ConnectorError("connection refused")
        if mode == "refused":
            raise ConnectorError("refused for good", again=False, output={"line": 7})
        line = f"{self.context.key} {given.get('what', '')}\n".encode()
        handle = os.open(self._file, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(handle, line)
        os.close(handle)
        if mode == "lost":
            raise ConnectorError("the connection broke", done=None)
        if mode == "kill":
            os._exit(9)
        if mode == "slow":
            time.sleep(0.3)
        return {"line": len(self._file.read_text().splitlines())}

    @action("fold")
    def fold(self, given):
        if self._file.exists() and f"{self.context.key} " in self._file.read_text():
            return {"line": 0}
        return self._do(given)

    @action("either")
    def either(self, given):
        return self.fold(given)

    @action("repeat_either")
    def repeat_either(self, given):
        return Repeat.IDEMPOTENT if given.get("what") == "x" else Repeat.UNSAFE

    @action("look")
    def look(self, given):
        return self._do(given)

    @action("check_look")
    def check_look(self, given):
        held = self._file.read_text() if self._file.exists() else ""
        return {"line": 1} if f"{self.context.key} " in held else {}

    @action("blind")
    def blind(self, given):
        return self._do(given)
