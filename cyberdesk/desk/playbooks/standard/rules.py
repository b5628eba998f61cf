"""What may stand behind a property: each rule looks at a node and tells what is wrong with it."""

import base64
import binascii
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from cyberdesk.desk.playbooks.language.nodes import Fields, Items, Node, Scalar
from cyberdesk.desk.playbooks.language.reading import Reading

Rule = Callable[[Node, Reading], None]
_UUID = r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-5][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}"
IDENTIFIER = re.compile(rf"[a-z][a-z0-9-]+[a-z0-9]--{_UUID}\Z")
VARIABLE = re.compile(r"__[a-zA-Z_][a-zA-Z0-9_-]{0,199}__\Z")
TIMESTAMP = re.compile(
    r"[0-9]{4}-(0[1-9]|1[012])-(0[1-9]|[12][0-9]|3[01])"
    r"T([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\.(?P<digits>[0-9]+))?Z\Z"
)
_MILLISECONDS = 3


def _wrong(node: Node, reading: Reading, expected: str, clause: str) -> None:
    key = reading.path[-1] if reading.path else "playbook"
    reading.fault("cacao-kind", node, key=key, expected=expected, clause=clause)


def value_of(node: Node | None) -> object:
    return node.value if isinstance(node, Scalar) else None


def anything(_node: Node, _reading: Reading) -> None:
    """Kept as it is, whatever it is."""


def text(node: Node, reading: Reading) -> None:
    if not isinstance(value_of(node), str):
        _wrong(node, reading, "string", "§10")


def flag(node: Node, reading: Reading) -> None:
    if not isinstance(value_of(node), bool):
        _wrong(node, reading, "true, false", "§10")


def base64_text(node: Node, reading: Reading) -> None:
    held = value_of(node)
    if not isinstance(held, str):
        text(node, reading)
        return
    try:
        base64.b64decode(held, validate=True)
    except (binascii.Error, ValueError):
        reading.fault("cacao-base64", node, key=reading.path[-1])


def timestamp(node: Node, reading: Reading) -> None:
    held = value_of(node)
    found = TIMESTAMP.match(held) if isinstance(held, str) else None
    if found is None:
        _wrong(node, reading, "2026-11-22T08:00:00.000Z", "§10")
    elif len(found["digits"] or "") != _MILLISECONDS:
        reading.fault("cacao-digits", node, value=held)


def nothing_or(rule: Rule) -> Rule:
    def check(node: Node, reading: Reading) -> None:
        if not (isinstance(node, Scalar) and node.value is None):
            rule(node, reading)

    return check


def whole(least: int | None = None, most: int | None = None, clause: str = "§10") -> Rule:
    bounds = f" {'…' if least is None else least}–{'…' if most is None else most}"
    expected = "integer" + (bounds if least is not None or most is not None else "")

    def check(node: Node, reading: Reading) -> None:
        held = value_of(node)
        good = isinstance(held, int) and not isinstance(held, bool)
        if isinstance(held, float) and held.is_integer():
            good, held = True, int(held)
        if not good or not _between(int(held), least, most):  # type: ignore[call-overload]
            _wrong(node, reading, expected, clause)

    return check


def _between(value: int, least: int | None, most: int | None) -> bool:
    return (least is None or value >= least) and (most is None or value <= most)


def matching(pattern: re.Pattern[str], expected: str, clause: str) -> Rule:
    def check(node: Node, reading: Reading) -> None:
        held = value_of(node)
        if not isinstance(held, str) or not pattern.match(held):
            _wrong(node, reading, expected, clause)

    return check


identifier = matching(IDENTIFIER, "type--UUID", "§10.10")


def one_of(*words: str, clause: str) -> Rule:
    def check(node: Node, reading: Reading) -> None:
        if value_of(node) not in words:
            _wrong(node, reading, ", ".join(words), clause)

    return check


def listing(rule: Rule, least: int = 0, clause: str = "§10") -> Rule:
    expected = "list" + (f" ({least}+)" if least else "")

    def check(node: Node, reading: Reading) -> None:
        if not isinstance(node, Items) or len(node.items) < least:
            _wrong(node, reading, expected, clause)
            return
        for index, item in enumerate(node.items):
            rule(item, reading.into(reading.path[-1], index))

    return check


def mapping(
    rule: Rule,
    keys: re.Pattern[str] | None = None,
    expected: str = "",
    *,
    least: int = 0,
    clause: str = "§10",
) -> Rule:
    """A dictionary whose keys match `keys` and whose values follow `rule`."""

    def check(node: Node, reading: Reading) -> None:
        if not isinstance(node, Fields) or len(node.fields) < least:
            _wrong(node, reading, "dictionary", clause)
            return
        for key, below in node.fields.items():
            if keys is not None and not keys.match(key):
                place = node.keys[key]
                reading.fault("cacao-kind", place, key=key, expected=expected, clause=clause)
            rule(below, reading.into(key))

    return check


@dataclass(frozen=True, slots=True)
class Record:
    """An object of the standard: its properties, those it needs, and what they must agree on."""

    name: str
    clause: str
    fields: Mapping[str, Rule]
    needs: frozenset[str] = frozenset()
    agree: tuple[Callable[[Fields, Reading], None], ...] = field(default=())

    def __call__(self, node: Node, reading: Reading) -> None:
        if not isinstance(node, Fields):
            _wrong(node, reading, "object", self.clause)
            return
        for key in self.needs - node.fields.keys():
            reading.fault("cacao-missing", node, key=key, of=self.name, clause=self.clause)
        for key, below in node.fields.items():
            rule = self.fields.get(key)
            if rule is None:
                reading.fault("cacao-unheard", node.keys[key], key=key, of=self.name)
            else:
                rule(below, reading.into(key))
        for agreed in self.agree:
            agreed(node, reading)

    def more(
        self,
        name: str,
        clause: str,
        needs: Iterable[str] = (),
        agree: Iterable[Callable[[Fields, Reading], None]] = (),
        /,
        **fields: Rule,
    ) -> "Record":
        """Return the record that has this one's properties and `fields` besides."""
        return Record(
            name=name,
            clause=clause,
            fields={**self.fields, **fields},
            needs=self.needs | frozenset(needs),
            agree=(*self.agree, *agree),
        )


def loose(known: Record) -> Rule:
    """An object of a type that the standard leaves open: what it does not know is its own."""

    def check(node: Node, reading: Reading) -> None:
        if isinstance(node, Fields):
            kept = {key: below for key, below in node.fields.items() if key in known.fields}
            known(Fields(node.place, kept, node.keys), reading)
        else:
            known(node, reading)

    return check


def by_type(known: Mapping[str, Record], other: Rule) -> Rule:
    """Choose the record by the object's `type`: `other` for types that the standard leaves open."""

    def check(node: Node, reading: Reading) -> None:
        kind = value_of(node.fields.get("type")) if isinstance(node, Fields) else None
        chosen = known.get(kind, other) if isinstance(kind, str) else other
        chosen(node, reading)

    return check


def defined(known: Mapping[str, Record], other: Rule, clause: str, *, least: int = 1) -> Rule:
    """A dictionary of objects by identifier, whose prefix is the type of the object (§10.10)."""
    every = mapping(by_type(known, other), IDENTIFIER, "type--UUID", least=least, clause=clause)

    def check(node: Node, reading: Reading) -> None:
        every(node, reading)
        if not isinstance(node, Fields):
            return
        for key, below in node.fields.items():
            prefix = key.partition("--")[0]
            kind = value_of(below.fields.get("type")) if isinstance(below, Fields) else None
            if kind is not None and kind != prefix and (prefix in known or kind in known):
                reading.fault("cacao-key-type", node.keys[key], prefix=prefix, type=kind)

    return check
