"""Reads JSON (RFC 8259) into the same positioned nodes as YAML, so that findings name a line.

JSON is not read as YAML: a pair of surrogates, an exponent or a solidus mean something else there.
"""

import math
import re
from bisect import bisect_right
from dataclasses import dataclass
from json.decoder import JSONDecodeError, scanstring  # type: ignore[attr-defined]
from typing import Any

from cyberdesk.desk.playbooks.language.findings import Findings, Place, PlaybookError
from cyberdesk.desk.playbooks.language.nodes import (
    DEEPEST,
    MOST_NODES,
    Fields,
    Items,
    Node,
    Scalar,
    decoded,
)

_SPACE = re.compile(r"[ \t\n\r]*")
_BEGINS = re.compile(r"﻿?[ \t\n\r]*[{\[][ \t\n\r]*[\"{}\]]")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?P<rest>(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)")
_WORDS = {"true": True, "false": False, "null": None}
_SAFE = 2**53 - 1


@dataclass(frozen=True, slots=True)
class Valued(Scalar):
    """A scalar whose value is known: JSON types it, not its spelling."""

    held: Any = None

    @property
    def value(self) -> Any:
        return self.held


def is_json(source: str | bytes) -> bool:
    """Say whether a text means to be JSON rather than YAML."""
    head = source[:400].decode("utf-8", "replace") if isinstance(source, bytes) else source[:400]
    return _BEGINS.match(head) is not None


def read_json_nodes(source: str | bytes, findings: Findings) -> Node:
    """Return the document in `source`. Raises PlaybookError when there is none to go on with."""
    reader = _Reader(decoded(source, findings).removeprefix("\ufeff"), findings)
    return reader.document()


class _Reader:
    def __init__(self, text: str, findings: Findings) -> None:
        self.text, self.findings, self.at = text, findings, 0
        self.lines = [0, *(found.end() for found in re.finditer("\n", text))]
        self.nodes = self.depth = 0

    def document(self) -> Node:
        self._skip()
        node = self._node()
        self._skip()
        if self.at < len(self.text):
            raise self._fault("end expected")
        return node

    def _node(self) -> Node:
        place = self._place()
        self.nodes += 1
        if self.nodes > MOST_NODES:
            raise self._stop("too-many-nodes", place, limit=MOST_NODES)
        match self.text[self.at : self.at + 1]:
            case "{":
                return self._deeper(self._fields, place)
            case "[":
                return self._deeper(self._items, place)
            case '"':
                text = self._string()
                return Valued(place, text, plain=False, held=text)
        return self._word(place)

    def _deeper(self, read: Any, place: Place) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self._stop("too-deep", place, limit=DEEPEST)
        self.at += 1
        self._skip()
        node: Node = read(place)
        self.depth -= 1
        return node

    def _fields(self, place: Place) -> Fields:
        fields: dict[str, Node] = {}
        keys: dict[str, Place] = {}
        while not self._take("}"):
            if fields or keys:
                self._need(",")
            here = self._place()
            if self.text[self.at : self.at + 1] != '"':
                raise self._fault('"key" expected')
            key = self._string()
            self._skip()
            self._need(":")
            node = self._node()
            self._skip()
            if key in fields:
                self.findings.add("duplicate-key", here, key=key, first=keys[key].line)
            else:
                fields[key], keys[key] = node, here
        weight = 1 + sum(1 + node.weight for node in fields.values())
        return Fields(place, fields, keys, weight=weight)

    def _items(self, place: Place) -> Items:
        items: list[Node] = []
        while not self._take("]"):
            if items:
                self._need(",")
            items.append(self._node())
            self._skip()
        return Items(place, tuple(items), weight=1 + sum(item.weight for item in items))

    def _string(self) -> str:
        place = self._place()
        try:
            text, self.at = scanstring(self.text, self.at + 1, True)
        except JSONDecodeError as error:
            self.at = error.pos
            raise self._fault(error.msg) from None
        if any("\ud800" <= sign <= "\udfff" for sign in text):
            raise self._stop("lone-surrogate", place)
        return str(text)

    def _word(self, place: Place) -> Scalar:
        for word, value in _WORDS.items():
            if self.text.startswith(word, self.at):
                self.at += len(word)
                return Valued(place, word, held=value)
        found = _NUMBER.match(self.text, self.at)
        if found is None:
            raise self._fault("value expected")
        self.at = found.end()
        return Valued(place, found.group(), held=self._number(found, place))

    def _number(self, found: re.Match[str], place: Place) -> int | float:
        digits = found.group()
        if found["rest"]:
            number: int | float = float(digits)
        else:  # Python refuses to read endless digits
            number = int(digits) if len(digits) < len(str(_SAFE)) + 2 else math.inf
        if not math.isfinite(number) or (isinstance(number, int) and abs(number) > _SAFE):
            self.findings.add("number-not-exact", place, value=digits)
            return 0
        return number

    def _take(self, sign: str) -> bool:
        taken = self.text.startswith(sign, self.at)
        self.at += taken
        return taken

    def _need(self, sign: str) -> None:
        if not self._take(sign):
            raise self._fault(f"{sign} expected")
        self._skip()

    def _skip(self) -> None:
        found = _SPACE.match(self.text, self.at)
        assert found
        self.at = found.end()

    def _place(self) -> Place:
        line = bisect_right(self.lines, self.at)
        return Place(line, self.at - self.lines[line - 1] + 1)

    def _fault(self, problem: str) -> PlaybookError:
        return self._stop("not-json", self._place(), problem=problem)

    def _stop(self, code: str, place: Place, **facts: object) -> PlaybookError:
        self.findings.add(code, place, **facts)
        return PlaybookError(self.findings)
