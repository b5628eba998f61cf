"""Reads YAML 1.2 into positioned nodes: no tags, no code, no duplicate keys, everything capped.

PyYAML's event stream is used, not its constructors: an alias costs what it stands for, a key that
comes twice is a fault, and `yes`, `no`, `on`, `off` are words as in YAML 1.2's core schema.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from cyberdesk.desk.playbooks.language.findings import Findings, Place, PlaybookError

LARGEST = 1_000_000
MOST_NODES = 50_000
DEEPEST = 40
MOST_ALIASES = 50

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]{0,18})\Z")
_FRACTION = re.compile(
    r"[-+]?[0-9]{1,19}(?:\.[0-9]{1,19}(?:[eE][-+]?[0-9]{1,3})?|[eE][-+]?[0-9]{1,3})\Z"
)
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}
# Characters that hide or reorder what a reader sees.
HIDDEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


@dataclass(frozen=True, slots=True)
class Node:
    place: Place
    weight: int = field(default=1, kw_only=True)  # nodes below, aliases counted in full


@dataclass(frozen=True, slots=True)
class Scalar(Node):
    text: str
    plain: bool = True

    @property
    def value(self) -> Any:
        """The text as the YAML 1.2 core schema types it; quoted text stays text."""
        if not self.plain:
            return self.text
        if self.text.lower() in _WORDS and self.text in (self.text.lower(), self.text.title()):
            return _WORDS[self.text.lower()]
        if _WHOLE.match(self.text):
            return int(self.text)
        return float(self.text) if _FRACTION.match(self.text) else self.text


@dataclass(frozen=True, slots=True)
class Items(Node):
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Fields(Node):
    fields: dict[str, Node]
    keys: dict[str, Place]


def plain(node: Node) -> Any:
    """Return what the document holds as plain JSON."""
    match node:
        case Fields():
            return {key: plain(below) for key, below in node.fields.items()}
        case Items():
            return [plain(item) for item in node.items]
        case Scalar():
            return node.value
    raise TypeError(node)


def read_nodes(source: str | bytes, findings: Findings) -> Node:
    """Return the document in `source`. Raises PlaybookError when there is none to go on with."""
    text = decoded(source, findings)
    hidden = HIDDEN.search(text)
    if hidden:
        before = text[: hidden.start()]
        place = Place(before.count("\n") + 1, hidden.start() - before.rfind("\n"))
        findings.add("hidden-character", place, sign=f"U+{ord(hidden.group()):04X}")
    try:
        return _Composer(yaml.parse(text, Loader=_LOADER), findings).document()
    except yaml.YAMLError as error:
        findings.add("not-yaml", _where(error), problem=getattr(error, "problem", None) or error)
    raise PlaybookError(findings)


def decoded(source: str | bytes, findings: Findings) -> str:
    """Return the text of a file. Raises PlaybookError when it is too large or not UTF-8."""
    if len(source) > LARGEST:
        findings.add("too-large", Place(), limit=LARGEST)
        raise PlaybookError(findings)
    if isinstance(source, str):
        return source
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        findings.add("not-utf8", Place(source.count(b"\n", 0, error.start) + 1, 1))
        raise PlaybookError(findings) from None


def _where(error: yaml.YAMLError) -> Place:
    mark = getattr(error, "problem_mark", None)
    return Place(mark.line + 1, mark.column + 1) if mark else Place()


def _place(event: Any) -> Place:
    return Place(event.start_mark.line + 1, event.start_mark.column + 1)


class _Composer:
    def __init__(self, events: Iterator[Any], findings: Findings) -> None:
        self.events, self.findings = events, findings
        self.anchors: dict[str, Node] = {}
        self.depth = self.nodes = self.aliases = 0

    def document(self) -> Node:
        begins = (event for event in self.events if isinstance(event, yaml.DocumentStartEvent))
        if next(begins, None) is None:
            raise self._stop("empty", Place(1, 1))
        node = self._node(next(self.events))
        second = next(begins, None)
        if second is not None:
            raise self._stop("several-documents", _place(second))
        return node

    def _node(self, event: Any) -> Node:
        place = _place(event)
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event.anchor, place)
        if event.tag and not event.tag.startswith("tag:yaml.org,2002:str"):
            raise self._stop("tag", place, tag=event.tag)
        self.depth += 1
        self._count(1, place)
        if self.depth > DEEPEST:
            raise self._stop("too-deep", place, limit=DEEPEST)
        node = self._collection(event, place)
        self.depth -= 1
        if event.anchor:
            self.anchors[event.anchor] = node
        return node

    def _collection(self, event: Any, place: Place) -> Node:
        if isinstance(event, yaml.MappingStartEvent):
            return self._fields(place)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._items(place)
        return Scalar(place, event.value, event.implicit[0])

    def _alias(self, anchor: str | None, place: Place) -> Node:
        node = self.anchors.get(anchor or "")
        if node is None:
            raise self._stop("alias-unknown", place, anchor=anchor)
        self.aliases += 1
        if self.aliases > MOST_ALIASES:
            raise self._stop("too-many-aliases", place, limit=MOST_ALIASES)
        self._count(node.weight, place)
        return node

    def _items(self, place: Place) -> Items:
        items = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self._node(event))
        return Items(place, tuple(items), weight=1 + sum(item.weight for item in items))

    def _fields(self, place: Place) -> Fields:
        fields: dict[str, Node] = {}
        keys: dict[str, Place] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key, value = self._node(event), self._node(next(self.events))
            if not isinstance(key, Scalar):
                raise self._stop("odd-key", key.place)
            if key.text in fields:
                first = keys[key.text].line
                self.findings.add("duplicate-key", key.place, key=key.text, first=first)
                continue
            fields[key.text], keys[key.text] = value, key.place
        weight = 1 + sum(1 + node.weight for node in fields.values())
        return Fields(place, fields, keys, weight=weight)

    def _count(self, nodes: int, place: Place) -> None:
        self.nodes += nodes
        if self.nodes > MOST_NODES:
            raise self._stop("too-many-nodes", place, limit=MOST_NODES)

    def _stop(self, code: str, place: Place, **facts: object) -> PlaybookError:
        self.findings.add(code, place, **facts)
        return PlaybookError(self.findings)
