"""How a connector stands, in a word: from its settings, its last try and its last use."""

from dataclasses import dataclass
from datetime import datetime

from cyberdesk.core.text import Text, _
from cyberdesk.desk.connectors.models import ConnectorSetup


@dataclass(frozen=True, slots=True)
class State:
    """`at` is when it was last seen to be so; `reason` and `said` tell of a failure."""

    word: Text
    tone: str
    icon: str
    at: datetime | None = None
    reason: str | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class Last:
    """The last time anything went to the other side: a try by hand, or real work."""

    at: datetime
    ok: bool
    reason: str | None
    said: str


def last_of(setup: ConnectorSetup) -> Last | None:
    tried = (setup.tested_at, setup.tested_ok, setup.tested_reason, setup.tested_said)
    used = (setup.used_at, setup.used_ok, setup.used_reason, setup.used_said)
    known = [
        Last(at, bool(ok), why, said or "") for at, ok, why, said in (tried, used) if at is not None
    ]
    return max(known, key=lambda last: last.at, default=None)


def state_of(setup: ConnectorSetup | None) -> State:
    if setup is None:
        return State(_("never set up"), "neutral", "plug-off")
    if not setup.enabled:
        return State(_("switched off"), "neutral", "player-pause")
    last = last_of(setup)
    if last is None or last.at < setup.changed_at:
        return State(_("not tried yet"), "watch", "question")
    if last.ok:
        return State(_("works"), "good", "ok", last.at)
    return State(_("does not work"), "critical", "alert", last.at, last.reason, last.said)
