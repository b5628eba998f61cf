"""The Traffic Light Protocol 2.0 (FIRST, August 2022): how far a thing may travel."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from cyberdesk.core.text import Text, _

_EXTENSION = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"


class Tlp(StrEnum):
    """From free to closed; the order of the members is that of the protocol."""

    CLEAR = "clear"
    GREEN = "green"
    AMBER = "amber"
    AMBER_STRICT = "amber+strict"
    RED = "red"

    @property
    def rank(self) -> int:
        return _ORDER.index(self)

    @property
    def outside(self) -> bool:
        """Say whether this level lets a thing out of the centre and the organisation it serves."""
        return self.rank < Tlp.AMBER_STRICT.rank

    def allows(self, other: "Tlp") -> bool:
        """Say whether something marked `other` may travel as far as this level reaches."""
        return other.rank <= self.rank


_ORDER = list(Tlp)


@dataclass(frozen=True, slots=True)
class Level:
    """How a level is shown, and the marking definition that OASIS published for it."""

    name: str
    meaning: Text
    tone: str
    stix_id: str


LEVELS: dict[Tlp, Level] = {
    Tlp.CLEAR: Level(
        "TLP:CLEAR",
        _("everybody may know"),
        "neutral",
        "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487",
    ),
    Tlp.GREEN: Level(
        "TLP:GREEN",
        _("the community of defenders: other communes, centres, providers"),
        "good",
        "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
    ),
    Tlp.AMBER: Level(
        "TLP:AMBER",
        _("the receiving organisation and those it serves, if they need it"),
        "watch",
        "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421",
    ),
    Tlp.AMBER_STRICT: Level(
        "TLP:AMBER+STRICT",
        _("the organisation alone"),
        "serious",
        "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003",
    ),
    Tlp.RED: Level(
        "TLP:RED",
        _("the persons named, nobody else"),
        "critical",
        "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1",
    ),
}


def definition(level: Tlp) -> dict[str, Any]:
    """Return the level's marking definition, as published with the TLP 2.0 extension."""
    return {
        "type": "marking-definition",
        "spec_version": "2.1",
        "id": LEVELS[level].stix_id,
        "created": "2022-10-01T00:00:00.000Z",
        "name": LEVELS[level].name,
        "extensions": {_EXTENSION: {"extension_type": "property-extension", "tlp_2_0": str(level)}},
    }
