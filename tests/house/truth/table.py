"""Making the table, keeping it, and telling two of them apart."""

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path

from flask import Flask
from werkzeug.routing import Rule

from cyberdesk.core.web.doors import doors
from tests.house.truth import objects
from tests.house.truth.cast import CAST, TOKENS
from tests.house.truth.probe import Answer, Prober
from tests.house.truth.world import World

FILE = Path(__file__).with_name("table.csv")
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")

Key = tuple[str, str, str]  # endpoint, method, whose object
Answers = dict[Key, dict[str, Answer]]
Cells = dict[Key, dict[str, str]]


def ask_everything(app: Flask, world: World, prober: Prober) -> Answers:
    """Ask every route for everybody and every place.

    Whoever is refused at the door is asked once: the door does not look at the address. A page
    takes no token, so that one speaks for all.
    """
    absent, found = objects.nothing(), Answers()
    for rule, method in _routes(app):
        sent, machine = objects.SENT.get(rule.endpoint, {}), doors(app)[rule.endpoint].machine
        addresses = dict(_addresses(app, world, rule, method, absent))
        for place in addresses:
            found[rule.endpoint, method, place] = {}
        for who in CAST:
            like = None if machine or who not in TOKENS[1:] else TOKENS[0]
            for place, address in addresses.items():
                row = found[rule.endpoint, method, place]
                before = found[rule.endpoint, method, next(iter(addresses))].get(who)
                if like:
                    row[who] = row[like]
                elif before and before.at_the_door:
                    row[who] = before
                else:
                    row[who] = prober.ask(who, method, rule.endpoint, address, sent)
    return found


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


def written(found: Cells) -> str:
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


def _routes(app: Flask) -> Iterator[tuple[Rule, str]]:
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.endpoint, rule.rule)):
        if not rule.build_only:
            yield from ((rule, method) for method in _METHODS if method in (rule.methods or ()))


def _addresses(
    app: Flask, world: World, rule: Rule, method: str, absent: Mapping[str, object]
) -> Iterator[tuple[str, str]]:
    adapter = app.url_map.bind("localhost")
    for place in objects.PLACES if objects.named(rule) else ("-",):
        given = objects.values(world, rule, place, absent)
        yield place, adapter.build(rule.endpoint, given, method)
