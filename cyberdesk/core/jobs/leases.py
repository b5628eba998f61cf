"""Leases that nobody renews, found by the clock that nobody sets.

A lease is good until an instant; when the clock is set back an hour, that of a dead worker would be
good for an hour more. Whoever watches leases sees that one has not been renewed for its whole term.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TypeVar

from cyberdesk.core import clock

K = TypeVar("K")


class Watched:
    """What one watcher has seen of leases of one `term`; who takes over from it begins anew."""

    def __init__(self, term: timedelta) -> None:
        self._term = term.total_seconds()
        self._seen: dict[object, tuple[datetime, float]] = {}

    def unrenewed(self, leases: Mapping[K, datetime]) -> list[K]:
        """Take all leases as they stand, by holder, and return those that have stood for a term."""
        now, before = clock.steady(), self._seen
        self._seen = {}
        for holder, until in leases.items():
            seen = before.get(holder)
            since = seen[1] if seen and seen[0] == until else now
            self._seen[holder] = until, since
        return [one for one in leases if now - self._seen[one][1] > self._term]
