import os
import selectors
from collections.abc import Callable
from typing import IO

_CHUNK = 65536


class Outlet:
    """Hands on the whole lines that come out of a pipe, without ever waiting for one."""

    def __init__(
        self, pipe: IO[bytes], show: Callable[[str], None], selector: selectors.BaseSelector
    ) -> None:
        self._pipe = pipe
        self._show = show
        self._selector = selector
        self._rest = b""
        os.set_blocking(pipe.fileno(), False)
        selector.register(pipe, selectors.EVENT_READ, self._read)

    def close(self) -> None:
        """Take the last words. A grandchild that still holds the other end does not hold us."""
        if self._pipe.closed:
            return
        while self._take():
            pass
        if self._rest:
            self._show(self._rest.decode(errors="replace"))
        self._selector.unregister(self._pipe)
        self._pipe.close()

    def _read(self) -> None:
        if self._take() == b"":
            self.close()

    def _take(self) -> bytes | None:
        """Return what was there: nothing at the end, None when there is no more for now."""
        try:
            chunk = os.read(self._pipe.fileno(), _CHUNK)
        except BlockingIOError:
            return None
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        if len(self._rest) > _CHUNK:  # a line without end is cut, not gathered for ever
            lines, self._rest = [*lines, self._rest], b""
        for line in lines:
            self._show(line.decode(errors="replace").rstrip("\r"))
        return chunk
