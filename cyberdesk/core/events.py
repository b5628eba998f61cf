"""Domain events inside one transaction: `subject:action`, told to whoever subscribed.

A handler runs at once, in the publisher's transaction: it changes rows or writes to the outbox,
and its failure is the publisher's. What must happen after the commit goes through the outbox.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

Handler = Callable[..., None]


class Events:
    def __init__(self) -> None:
        self._handlers: dict[str, list[Handler]] = defaultdict(list)

    def subscribe(self, event: str, handler: Handler) -> None:
        """Call `handler(**facts)` at each `event`; subscribing twice is once."""
        if handler not in self._handlers[event]:
            self._handlers[event].append(handler)

    def emit(self, event: str, **facts: Any) -> None:
        for handler in self._handlers[event]:
            handler(**facts)


events = Events()
