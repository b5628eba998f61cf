"""All of France, from the npm package `@etalab/decoupage-administratif` (open data).

The operator fetches it (`npm pack @etalab/decoupage-administratif`) and gives the archive or its
folder. Communes, EPCI and EPT, arrondissements, départements and regions are taken; the names of
communes that were merged lead to the one they belong to now.
"""

import json
import tarfile
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from cyberdesk.core.access.actor import Actor
from cyberdesk.core.access.directory.load import Entry, write
from cyberdesk.core.access.guard import allowed
from cyberdesk.core.audit import note, recorded
from cyberdesk.core.errors import InvalidError
from cyberdesk.core.text import _

_FILES = ("communes", "epci", "ept", "arrondissements", "departements", "regions")
_PATHS = ("package.json", *(f"data/{name}.json" for name in _FILES))
_LARGEST = 64 << 20
_TODAY = "commune-actuelle"
_MERGED = {"commune-deleguee", "commune-associee"}

Tables = Mapping[str, Any]  # the package's lists by name, and its version


@allowed("directory:import")
@recorded("directory:import")
def import_directory(actor: Actor, *, source: Path) -> int:
    """Load the archive or folder `source`; return how many organisations changed."""
    assert actor
    changed = write(entries(read(source)))
    note(rows=changed, source=source.name)
    return changed


def read(source: Path) -> Tables:
    """Return the package's tables by name. Raises InvalidError for anything else."""
    try:
        texts = dict(_from_folder(source) if source.is_dir() else _from_archive(source))
        tables = {name: json.loads(texts[f"data/{name}.json"]) for name in _FILES}
        return tables | {"version": json.loads(texts["package.json"])["version"]}
    except (OSError, EOFError, zlib.error, tarfile.TarError, KeyError, ValueError) as error:
        raise InvalidError(
            _("%(name)s is not the package of administrative divisions", name=source.name),
            hint=_("Fetch it with: npm pack @etalab/decoupage-administratif"),
        ) from error


def entries(tables: Tables) -> Iterator[Entry]:
    """Yield every organisation of the package."""
    for row in tables["regions"]:
        yield Entry("region", row["code"], row["nom"], facts={"directory": tables["version"]})
    for row in tables["departements"]:
        yield Entry("departement", row["code"], row["nom"], parent=("region", row["region"]))
    for row in tables["arrondissements"]:
        parent = ("departement", row["departement"])
        yield Entry("arrondissement", row["code"], row["nom"], parent=parent)
    regions = {row["code"]: row["region"] for row in tables["communes"]}
    for row in (*tables["epci"], *tables["ept"]):
        yield _epci(row, Counter(regions[member["code"]] for member in row["membres"]))
    yield from _communes(tables)


def _epci(row: Mapping[str, Any], regions: Counter[str]) -> Entry:
    """A few EPCI lie in two regions: they stand where most of their communes are."""
    region = regions.most_common(1)[0][0]
    population = row.get("populationMunicipale") or None
    facts = {"type": row["type"], "region": region}
    parent = ("region", region)
    return Entry("epci", row["code"], row["nom"], row["code"], parent, population, facts)


def _communes(tables: Tables) -> Iterator[Entry]:
    joined = {member["code"]: row["code"] for row in tables["epci"] for member in row["membres"]}
    former = _former_names(tables["communes"])
    for row in tables["communes"]:
        if row["type"] == _TODAY:
            yield _commune(row, joined.get(row["code"]), former.get(row["code"], []))


def _commune(row: Mapping[str, Any], epci: str | None, former: list[str]) -> Entry:
    postal = row.get("codesPostaux", [])
    facts = {
        "postal": postal,
        "arrondissement": row.get("arrondissement"),
        "departement": row["departement"],
        "region": row["region"],
        "former": former,
    }
    return Entry(
        "commune",
        row["code"],
        row["nom"],
        row.get("siren"),
        ("epci", epci) if epci else ("departement", row["departement"]),
        row.get("population"),
        facts,
        [*postal, *former],
    )


def _former_names(communes: Iterable[Mapping[str, Any]]) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for row in communes:
        if row["type"] in _MERGED and row["chefLieu"] != row["code"]:
            found[row["chefLieu"]].append(row["nom"])
    return found


def _from_folder(folder: Path) -> Iterator[tuple[str, str]]:
    for name in _PATHS:
        yield name, _small(folder / name).read_text()


def _from_archive(archive: Path) -> Iterator[tuple[str, str]]:
    with tarfile.open(_small(archive)) as opened:
        for name in _PATHS:
            member = opened.getmember(f"package/{name}")
            content = opened.extractfile(member)
            if content is None or member.size > _LARGEST:
                raise ValueError(f"{member.name} is not a table")
            yield name, content.read().decode()


def _small(path: Path) -> Path:
    if path.stat().st_size > _LARGEST:
        raise ValueError(f"{path.name} is too large")
    return path
