"""The services that an attack can stop, and how each goes on with paper meanwhile."""

from functools import cache
from typing import Literal

from cyberdesk.strands.cyber.content import Name, Sourced, Text, read

Weight = Literal["vital", "essential", "useful"]


class Service(Sourced):
    """A service to the population; source and certainty are those of the fallback."""

    name: Name
    label: Text
    short: Text
    weight: Weight
    fallback: Text


@cache
def load_services() -> dict[str, Service]:
    return {
        name: Service.model_validate({"name": name, **entry})
        for name, entry in read("services.yaml").items()
    }
