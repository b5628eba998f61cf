"""The promises, each with what was found; a promise that does not hold makes the campaign fail."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

_BUSY = 0.9  # of all strikes
BOUND, EMPTIED_BOUND, VOLLEY_BOUND = 30.0, 15.0, 60.0  # seconds to recover


@dataclass(frozen=True)
class EffectRow:
    """One attempt in the house's ledger of effects; `reached` is how often the far end counted."""

    kind: str  # fold (idempotent), look (checkable), blind and mail (unsafe)
    key: str
    status: str
    reached: int


@dataclass
class Facts:
    """What the house was told, what it says of it afterwards, and what the far end counted."""

    declared: int = 0
    declared_readable: int = 0
    answered: int = 0
    answered_once: int = 0
    steps: int = 0
    steps_twice: Sequence[str] = ()
    effects: Sequence[EffectRow] = ()
    runs: Mapping[str, int] = field(default_factory=dict)  # of the chaos playbook, by status
    differing: Sequence[str] = ()  # from a run that nothing disturbed
    versions: int = 0  # of the playbook, put in while runs were under way
    migrated: int = 0  # runs that went over to one of them
    stuck: int = 0
    undelivered: int = 0
    given_up: Sequence[str] = ()  # topic and last error
    under_way: Sequence[int] = ()  # runs of the chaos playbook at each strike
    recoveries: Sequence[tuple[str, float]] = ()
    orphans: Sequence[str] = ()
    mishaps: Sequence[str] = ()
    journal: str = "intact"


@dataclass(frozen=True)
class Line:
    promise: str
    found: str
    holds: bool
    details: Sequence[str] = ()

    def __str__(self) -> str:
        mark = "holds" if self.holds else "BROKEN"
        rest = "".join(f"\n           {one}" for one in self.details[:10])
        return f"{mark:<8} {self.promise:<58} {self.found}{rest}"


def balance(facts: Facts) -> list[Line]:
    """Return every promise with what was found."""
    return [
        _all(
            "acknowledged declarations are there and readable",
            facts.declared_readable,
            facts.declared,
        ),
        _all(
            "acknowledged answers are kept and journalled once", facts.answered_once, facts.answered
        ),
        _struck(facts.under_way),
        *balance_of_work(facts),
        _none(
            "runs that ended otherwise than one left in peace",
            facts.differing,
            f"of {sum(facts.runs.values())}",
        ),
        Line(
            "runs taken over to a new version on the way",
            f"{facts.migrated}, to {facts.versions} versions",
            holds=True,
        ),
        _none("deliveries left undone", facts.undelivered),
        *_given_up(facts.given_up),
        *_recoveries(facts.recoveries),
        Line("the journal verifies", facts.journal, facts.journal == "intact"),
        _none("processes outliving their house", facts.orphans),
        _none("pages that were not as foreseen", facts.mishaps),
    ]


def balance_of_work(facts: Facts) -> list[Line]:
    """Return what is promised of runs and their effects, with what was found."""
    return [
        _none("steps committed twice", facts.steps_twice, f"of {facts.steps}"),
        *_effects(facts.effects),
        _all(
            "runs came to their end",
            facts.runs.get("completed", 0),
            sum(facts.runs.values()),
            _told(facts.runs),
        ),
        _none("runs stuck (watchdog)", facts.stuck),
    ]


def _struck(under_way: Sequence[int]) -> Line:
    """A house that has nothing to do is easily kept whole: such a campaign shows nothing."""
    busy = sum(count > 0 for count in under_way)
    said = f"{busy} of {len(under_way)}, {sum(under_way) / max(len(under_way), 1):.1f} each"
    return Line("strikes while runs were under way", said, busy >= _BUSY * len(under_way))


def _effects(rows: Sequence[EffectRow]) -> Iterable[Line]:
    reached = {(row.kind, row.key): row.reached for row in rows}
    done = [row for row in rows if row.status == "done"]
    twice = [
        f"{kind} {key}: {n} times"
        for (kind, key), n in reached.items()
        if kind in _UNSAFE and n > 1
    ]
    unsafe = sum(kind in _UNSAFE for kind, _key in reached)
    yield _none("unsafe effects brought about twice", twice, f"of {unsafe}")
    lost = [f"{row.kind} {row.key}" for row in done if not row.reached]
    yield _none("effects called done that never happened", lost, f"of {len(done)}")
    many = Counter((row.kind, row.key) for row in done)
    yield _none("effects done twice in the ledger", [str(k) for k, n in many.items() if n > 1])
    again = sum(n > 1 for (kind, _key), n in reached.items() if kind not in _UNSAFE)
    yield Line("repeatable effects sent again with their key (allowed)", str(again), holds=True)


def _given_up(found: Sequence[str]) -> Iterable[Line]:
    """A letter of which nobody knows whether it left is put to a person; nothing else may be."""
    doubtful = [one for one in found if one.startswith("letter:send: GiveUpError")]
    rest = [one for one in found if one not in doubtful]
    yield _none("deliveries given up", rest)
    said = "letters in doubt, put to a person and not sent twice (allowed)"
    yield Line(said, str(len(doubtful)), holds=True)


_UNSAFE = frozenset({"blind", "mail"})


def _recoveries(found: Sequence[tuple[str, float]]) -> Iterable[Line]:
    for kind in dict.fromkeys(kind for kind, _seconds in found):
        seconds = [one for name, one in found if name == kind]
        bound = {"queue emptied": EMPTIED_BOUND, "several at once": VOLLEY_BOUND}.get(kind, BOUND)
        said = f"median {median(seconds):4.1f} s, max {max(seconds):4.1f} s, of {len(seconds)} (≤ {bound:g} s)"
        yield Line(f"recovery: {kind}", said, max(seconds) <= bound)


def _all(promise: str, found: int, wanted: int, details: Sequence[str] = ()) -> Line:
    """Hold that all of `wanted` were found, and that there was anything to hold."""
    return Line(promise, f"{found} of {wanted}", found == wanted > 0, details)


def _none(promise: str, found: int | Sequence[str], of: str = "") -> Line:
    count, details = (found, ()) if isinstance(found, int) else (len(found), found)
    return Line(f"no {promise}", f"{count} {of}".strip(), count == 0, details)


def _told(counts: Mapping[str, int]) -> list[str]:
    return [] if set(counts) <= {"completed"} else [f"{name}: {n}" for name, n in counts.items()]
