"""What differs between two versions of a playbook, step by step, whichever way each was written.

Only what an author wrote is compared: what our notation derives from it (agents, commands,
summaries) would say each change twice. A step that comes between two others changes neither of
them, so their new ways to it are not told.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from itertools import zip_longest
from typing import Any

from cyberdesk.desk.playbooks.canonical import canonical
from cyberdesk.desk.playbooks.language.cacao import EXTENSION, extension_of
from cyberdesk.desk.playbooks.language.vocabulary import TLP

Cacao = Mapping[str, Any]
ADDED, GONE, CHANGED = "added", "gone", "changed"
NEXT = "next"
_LEVELS = {identifier: level for level, identifier in TLP.items()}
_STEP_EXTENSIONS, _PLAYBOOK_EXTENSIONS = "step_extensions", "playbook_extensions"
# What the compiler of our notation makes of the rest.
_DERIVED = {"name", "commands", "agent", "in_args", "out_args", "next_steps", "playbook_id", "hash"}
_DERIVED_OF_HEAD = {
    "name",
    "description",
    "playbook_activities",
    "playbook_processing_summary",
    "playbook_variables",
    "agent_definitions",
    "extension_definitions",
    "external_references",
    "data_marking_definitions",
    "industry_sectors",
    "labels",
}
_START = {"fr": "Début", "en": "Start"}
_NOT_OF_HEAD = {"workflow", "signatures", "modified"}


@dataclass(frozen=True, slots=True)
class Title:
    """Stands where a step leads to another: what that one is called, `{fr, en}` or plain."""

    key: str
    said: Any


@dataclass(frozen=True, slots=True)
class Change:
    """A field with its value before and after, None where it had none. `field` is a path of keys.

    An item of a list is counted from 1, as in `how.2`; where it came in or went, by its own place.
    """

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class StepChange:
    """A step that came (`added`), went (`gone`) or is another (`changed`)."""

    id: str
    key: str
    title: Any
    how: str
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """`head` is what differs of the playbook as a whole; `steps` stand in reading order."""

    head: tuple[Change, ...]
    steps: tuple[StepChange, ...]

    @property
    def same(self) -> bool:
        return not self.head and not self.steps


def compare(old: Cacao, new: Cacao) -> Comparison:
    """Say what an author changed from `old` to `new`, both CACAO 2.0 playbook objects."""
    before, after = _Side(old), _Side(new)
    head = tuple(_differ("", before.head, after.head))
    return Comparison(head, tuple(_steps(before, after)))


class _Side:
    """One version, its steps by the name that both versions share."""

    def __init__(self, cacao: Cacao) -> None:
        self.cacao = cacao
        written: Cacao = cacao.get("workflow") or {}
        self.written = {id_: step for id_, step in written.items() if isinstance(step, Mapping)}
        named = {id_: extension_of(dict(step)).get("key") for id_, step in self.written.items()}
        often = Counter(named.values())
        self.keys = {
            id_: key if isinstance(key, str) and often[key] == 1 else id_
            for id_, key in named.items()
        }
        self.ids = {key: id_ for id_, key in self.keys.items()}
        self._read: dict[str, dict[str, Any]] = {}

    @cached_property
    def head(self) -> dict[str, Any]:
        ours = extension_of(dict(self.cacao), _PLAYBOOK_EXTENSIONS)
        left_out = _NOT_OF_HEAD | (_DERIVED_OF_HEAD if ours else set())
        kept = {k: v for k, v in self.cacao.items() if k not in left_out}
        if ours:
            _set_apart(kept, _PLAYBOOK_EXTENSIONS)
            kept |= ours
            kept["variables"] = self._variables(ours)
            levels = kept.pop("markings", [])
            kept["markings"] = [_LEVELS.get(one, one) for one in levels]
        named: dict[str, Any] = self._named(kept)
        return named

    def _variables(self, ours: Cacao) -> dict[str, Any]:
        held: Cacao = self.cacao.get("playbook_variables") or {}
        more: Cacao = ours.get("variables") or {}
        bare = {name.removeprefix("__").removesuffix("__"): one for name, one in held.items()}
        return {name: {**one, **more.get(name, {})} for name, one in bare.items()}

    def step(self, key: str) -> dict[str, Any]:
        """Return what was written of a step, our extension beside CACAO's own words."""
        if key not in self._read:
            self._read[key] = self._step(key)
        return self._read[key]

    def _step(self, key: str) -> dict[str, Any]:
        step = dict(self.written[self.ids[key]])
        ours = extension_of(step)
        if ours:
            commands = step.get("commands") or [{}]
            kept = {k: v for k, v in step.items() if k not in _DERIVED}
            _set_apart(kept, _STEP_EXTENSIONS)
            step = kept | {k: v for k, v in ours.items() if k not in ("key", "hash")}
            step["type"] = step.pop("kind", step.get("type"))
            step["activity"] = commands[0].get("playbook_activity")
            if strands := step.get("strands"):
                step["strands"] = {name: first for first, name in strands.items()}
        if way := step.pop("on_completion", None) or step.pop("on_success", None):
            step[NEXT] = way
        named: dict[str, Any] = self._named(step)
        return named

    def _named(self, value: Any) -> Any:
        """Return `value` with titles where ids of steps stood: ids say nothing to a reader."""
        match value:
            case str() if value in self.written:
                return Title(self.keys[value], self.title(value))
            case Mapping():
                return {name: self._named(one) for name, one in value.items()}
            case list() | tuple():
                return [self._named(one) for one in value]
        return value

    def title(self, identifier: str) -> Any:
        step = self.written[identifier]
        ours = extension_of(dict(step))
        if step.get("type") == "start":
            return _START
        if step.get("type") == "end":
            return ours.get("outcome") or step.get("name") or "end"
        return ours.get("title") or step.get("name") or self.keys[identifier]

    def order(self) -> list[str]:
        """Return the keys of the steps as they are read: each before its branches, then on."""
        seen: dict[str, None] = {}
        waiting = [self.cacao.get("workflow_exception"), self.cacao.get("workflow_start")]
        while waiting:
            here = waiting.pop()
            key = self.keys.get(here) if isinstance(here, str) else None
            if key is None or key in seen:
                continue
            step = self.step(key)
            seen[key] = None
            beside = {name: one for name, one in step.items() if name != NEXT}
            ways = [step.get(NEXT), *reversed(list(_titles(beside)))]
            waiting += [self.ids[way.key] for way in ways if isinstance(way, Title)]
        return [*seen, *(key for key in self.ids if key not in seen)]

    def leads(self, start: str, to: str, through: set[str]) -> bool:
        """Say whether the usual way from `start` comes to `to` by no other steps than these."""
        seen: set[str] = set()
        while start != to and start in through and start not in seen:
            seen.add(start)
            onward = self.step(start).get(NEXT)
            start = onward.key if isinstance(onward, Title) else ""
        return start == to


def _set_apart(held: dict[str, Any], where: str) -> None:
    """Take our extension out: it stands beside CACAO's own words."""
    others = {name: one for name, one in (held.pop(where, None) or {}).items() if name != EXTENSION}
    if others:
        held[where] = others


def _titles(value: Any) -> Iterator[Title]:
    match value:
        case Title():
            yield value
        case Mapping() | list():
            for below in value.values() if isinstance(value, Mapping) else value:
                yield from _titles(below)


def _steps(old: _Side, new: _Side) -> Iterator[StepChange]:
    gone, come = set(old.ids) - set(new.ids), set(new.ids) - set(old.ids)
    for key in _merged(old.order(), new.order(), gone):
        if key in gone:
            yield from _whole(old, key, GONE)
        elif key in come:
            yield from _whole(new, key, ADDED)
        else:
            found = tuple(
                change
                for change in _differ("", old.step(key), new.step(key))
                if not _only_between(change, old, new, gone, come)
            )
            if found:
                identifier = new.ids[key]
                yield StepChange(identifier, key, new.title(identifier), CHANGED, found)


def _whole(side: _Side, key: str, how: str) -> Iterator[StepChange]:
    identifier = side.ids[key]
    step = side.written[identifier]
    # The end of a branch that only closes it says nothing to a reader.
    ends = extension_of(dict(step))
    if step.get("type") == "start" or (step.get("type") == "end" and ends and "ends" not in ends):
        return
    yield StepChange(identifier, key, side.title(identifier), how)


def _merged(old: list[str], new: list[str], gone: set[str]) -> Iterator[str]:
    """Yield the new order, each step that is gone after the one that it stood behind."""
    after: dict[str, list[str]] = {}
    behind = ""
    for key in old:
        if key in gone:
            after.setdefault(behind, []).append(key)
        else:
            behind = key
    yield from after.get("", ())
    for key in new:
        yield key
        yield from after.get(key, ())


def _only_between(change: Change, old: _Side, new: _Side, gone: set[str], come: set[str]) -> bool:
    """Say whether a way leads where it led, past steps that came or went."""
    before, after = change.before, change.after
    if not (isinstance(before, Title) and isinstance(after, Title)):
        return False
    return new.leads(after.key, before.key, come) or old.leads(before.key, after.key, gone)


# -- values


def _differ(path: str, old: Any, new: Any) -> Iterator[Change]:
    if isinstance(old, Title) and isinstance(new, Title):
        if old.key != new.key:
            yield Change(path, old, new)
    elif isinstance(old, Mapping) and isinstance(new, Mapping):
        for name in [*old, *(name for name in new if name not in old)]:
            yield from _differ(_below(path, name), old.get(name), new.get(name))
    elif isinstance(old, list) and isinstance(new, list):
        yield from _listed(path, old, new)
    elif _plain(old) != _plain(new):
        yield Change(path, old, new)


def _listed(path: str, old: list[Any], new: list[Any]) -> Iterator[Change]:
    blocks = SequenceMatcher(None, _all(old), _all(new), autojunk=False).get_opcodes()
    for how, from_, to, begin, end in blocks:
        if how == "equal":
            continue
        pairs = zip_longest(old[from_:to], new[begin:end])
        for offset, (one, other) in enumerate(pairs):
            number = (begin if other is not None else from_) + offset + 1
            yield from _differ(_below(path, str(number)), one, other)


def _all(values: Iterable[Any]) -> list[bytes]:
    return [canonical(_plain(one)) for one in values]


def _plain(value: Any) -> Any:
    match value:
        case Title():
            return value.key
        case Mapping():
            return {name: _plain(one) for name, one in value.items()}
        case list():
            return [_plain(one) for one in value]
    return value


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
