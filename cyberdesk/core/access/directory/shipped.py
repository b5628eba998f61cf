"""The directory that ships: Provence-Alpes-Côte d’Azur, from `data/region93.json`.

The file holds tables as `{"columns": […], "rows": [[…], …]}` beside its source, licence and date.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from cyberdesk.core.access.actor import system
from cyberdesk.core.access.directory import versions
from cyberdesk.core.access.directory.load import Entry, write
from cyberdesk.core.audit import record
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM

_FILE = Path(__file__).parents[1] / "data" / "region93.json"


def load_directory() -> int:
    """Load the region's organisations, at each start and without harm; return what changed.

    A newer directory that the operator has imported stays as it is.
    """
    data = json.loads(_FILE.read_text())
    with atomic(SYSTEM):
        if versions.loaded(data["region"]["code"]) >= versions.read(data["version"]):
            return 0
        changed = write(entries(data))
        about = {"source": data["source"], "version": data["version"], "rows": changed}
        record(system("directory"), "directory:load", None, about)
    return changed


def entries(data: Mapping[str, Any]) -> Iterator[Entry]:
    """Yield the entries of a region's file."""
    region = data["region"]
    yield Entry("region", region["code"], region["name"], facts={"directory": data["version"]})
    for row in _rows(data["departements"]):
        yield Entry("departement", row["code"], row["name"], parent=("region", region["code"]))
    for row in _rows(data["arrondissements"]):
        parent = ("departement", row["departement"])
        yield Entry("arrondissement", row["code"], row["name"], parent=parent)
    for row in _rows(data["epci"]):
        facts = {name: row[name] for name in ("type", "region", "nis2_bill")}
        parent = ("region", row["region"])
        yield Entry("epci", row["code"], row["name"], row["code"], parent, row["population"], facts)
    for row in _rows(data["communes"]):
        yield _commune(row, region["code"])


def _commune(row: Mapping[str, Any], region: str) -> Entry:
    facts = {
        "postal": row["postal"],
        "arrondissement": row["arrondissement"],
        "departement": row["arrondissement"][:2],
        "region": region,
        "nis2_bill": row["nis2_bill"],
        "former": row["former"],
    }
    return Entry(
        "commune",
        row["code"],
        row["name"],
        row["siren"],
        ("epci", row["epci"]),
        row["population"],
        facts,
        [*row["postal"], *row["former"]],
    )


def _rows(table: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for row in table["rows"]:
        yield dict(zip(table["columns"], row, strict=True))
