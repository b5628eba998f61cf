"""Making the table, keeping it, and telling two of them apart."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from cyberdesk.core.access import PUBLIC, SIGNED_IN, permissions
from cyberdesk.core.web.doors import doors
from tests.truth import objects
from tests.truth.cast import CAST, TOKENS
from tests.truth.probe import Answer, Prober
from tests.truth.world import World

FILE = Path(__file__).with_name("table.csv")
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")

Key = tuple[str, str, str]  # endpoint, method, whose object
Answers = dict[Key, dict[str, Answer]]
Cells = dict[Key, dict[str, str]]


def ask_everything(
    app: Flask, world: World, prober: Prober, only: Sequence[str] = ("",)
) -> Answers:
    """Ask every route for everybody and every place; `only` endpoints that begin so.

    Whoever is refused at the door is asked once for all routes with the same door: it looks at no
    address. A page takes no token, so that one speaks for all.
    """
    absent, found, refused = objects.nothing(), Answers(), dict[Any, Answer]()
    for rule, method in _routes(app):
        if not rule.endpoint.startswith(tuple(only)):
            continue
        door, sent = _door(app, rule), objects.SENT.get(rule.endpoint, {})
        for place, address in _addresses(app, world, rule, method, absent):
            row = found[rule.endpoint, method, place] = {}
            for who in CAST:
                like = TOKENS[0] if who in TOKENS and not door.machine else who
                one = row.get(like) or refused.get((door, method, like))
                one = one or prober.ask(like, method, rule.endpoint, address, sent)
                row[who] = row[like] = one
                if one.at_the_door:
                    refused[door, method, like] = one
    return found


@dataclass(frozen=True, slots=True)
class _Door:
    """All that decides who passes a door: whose pages, which roles, which kind of sign-in."""

    blueprint: str
    roles: tuple[frozenset[str], ...]  # of each permission that it needs
    public: bool
    signed_in: bool
    strong: bool
    weak: bool
    machine: bool


def _door(app: Flask, rule: Rule) -> _Door:
    declared = doors(app)[rule.endpoint]
    return _Door(
        rule.endpoint.rpartition(".")[0],
        tuple(permissions.declared().get(one, frozenset()) for one in declared.needs),
        public=declared.may == PUBLIC,
        signed_in=declared.may == SIGNED_IN,
        strong=declared.strong,
        weak=declared.weak,
        machine=declared.machine,
    )


def cells(answers: Answers) -> Cells:
    return {key: {who: one.cell for who, one in row.items()} for key, row in answers.items()}


def kept() -> Cells:
    """Return the table that is checked in."""
    if not FILE.exists():
        return {}
    with FILE.open(newline="") as opened:
        rows = list(csv.DictReader(opened))
    return {
        (row["endpoint"], row["method"], row["object"]): {who: row.get(who, "") for who in CAST}
        for row in rows
    }


def keep(found: Cells) -> None:
    """Write `found` over the rows of the table with the same endpoints."""
    endpoints = {key[0] for key in found}
    others = {key: row for key, row in kept().items() if key[0] not in endpoints}
    FILE.write_text(_written(others | found))


def _written(found: Cells) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["endpoint", "method", "object", *CAST])
    for key, row in sorted(found.items()):
        writer.writerow([*key, *(row[who] for who in CAST)])
    return out.getvalue()


def differences(before: Cells, after: Cells) -> Iterator[str]:
    """Yield a line for each cell that differs, for each row that came or went."""
    for key in sorted(before.keys() - after.keys()):
        yield f"{' '.join(key)}: this route is gone"
    for key in sorted(after.keys() - before.keys()):
        yield f"{' '.join(key)}: no row yet; it answers {_summary(after[key])}"
    for key in sorted(before.keys() & after.keys()):
        for who in CAST:
            was, now = before[key][who], after[key][who]
            if was != now:
                yield f"{' '.join(key)} as {who}: was {was or 'nobody'}, is {now}"


def _summary(row: Mapping[str, str]) -> str:
    by_cell: dict[str, list[str]] = {}
    for who, cell in row.items():
        by_cell.setdefault(cell, []).append(who)
    return "; ".join(f"{cell} to {', '.join(them)}" for cell, them in sorted(by_cell.items()))


def keys(app: Flask) -> set[Key]:
    """Return the rows that the table of `app` has."""
    return {
        (rule.endpoint, method, place) for rule, method in _routes(app) for place in _places(rule)
    }


def _routes(app: Flask) -> Iterator[tuple[Rule, str]]:
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.endpoint, rule.rule)):
        if not rule.build_only:
            yield from ((rule, method) for method in _METHODS if method in (rule.methods or ()))


def _addresses(
    app: Flask, world: World, rule: Rule, method: str, absent: Mapping[str, object]
) -> Iterator[tuple[str, str]]:
    adapter = app.url_map.bind("localhost")
    for place in _places(rule):
        given = objects.values(world, rule, place, absent)
        yield place, adapter.build(rule.endpoint, given, method)


def _places(rule: Rule) -> Sequence[str]:
    return objects.PLACES if objects.named(rule) else ("-",)
