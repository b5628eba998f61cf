"""What a room of the house declares: its doors, its rights, its work in the background.

A room is a folder of `core/`, `desk/` or `strands/`; its `__init__.py` holds one `ROOM`. The app
opens rooms from the ground up, and knows nothing else of them.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from cyberdesk.core.text import Text

if TYPE_CHECKING:
    from cyberdesk.core.access import Actor


@dataclass(frozen=True, slots=True)
class Link:
    """An entry of the navigation, shown to those who may; `badge` counts what waits there.

    Whoever signs in is led to their first entry that work begins at: `begins` names the roles for
    whom this one is, none for what is only looked up, None for everybody who may.
    """

    title: Text
    endpoint: str
    icon: str
    may: str
    order: int = 50
    badge: "Callable[[Actor], int] | None" = None
    begins: Collection[str] | None = None
    covers: tuple[str, ...] = ()  # other addresses below which a page belongs to it


@dataclass(frozen=True, slots=True)
class Sweep:
    """Work that the sweeper does every so often, one host at a time; returns how much it did."""

    name: str
    every: timedelta
    act: Callable[[], int]


@dataclass(frozen=True, slots=True)
class Gauge:
    """A number that `/metrics` tells: one, or one for each value of `label`."""

    name: str
    says: str
    read: Callable[[], float | Mapping[str, float]]
    label: str = ""


@dataclass(frozen=True, slots=True)
class Room:
    """One capability of the house.

    `doors` are Flask blueprints (or functions that make one, so that workers need not import
    views); `opens` says what its permissions open to a program, `journalled` what its acts and
    subjects in the journal are called; `deliveries` carry out what the outbox holds, by topic;
    `wire` subscribes to events.
    `prepare` loads what a room ships (directories, playbooks), at each start and without harm;
    `warm` loads what the first case and the first job would wait for, before a process forks;
    `demo` puts the first fiction into the room and returns the accounts it made, a row each;
    `demo_later` plays the rest once the doors are open, and goes on where it was stopped.
    """

    name: str
    title: Text
    policy: Mapping[str, Iterable[str]] = field(default_factory=dict)
    opens: Mapping[str, Text] = field(default_factory=dict)
    journalled: Mapping[str, Text] = field(default_factory=dict)
    doors: Callable[[], Iterable[Any]] | None = None
    navigation: tuple[Link, ...] = ()
    deliveries: Mapping[str, Callable[..., None]] = field(default_factory=dict)
    sweeps: tuple[Sweep, ...] = ()
    gauges: tuple[Gauge, ...] = ()
    wire: Callable[[], None] | None = None
    prepare: Callable[[], None] | None = None
    warm: Callable[[], None] | None = None
    demo: Callable[[], Iterable[Mapping[str, str]]] | None = None
    demo_later: Callable[[], None] | None = None
