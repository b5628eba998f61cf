"""What kinds of attack there are: ours, as a commune meets them, and RSIT, as teams count them."""

from functools import cache
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from cyberdesk.strands.cyber.content import Entry, Name, Sourced, Text, read

UNKNOWN = "unknown"
QUESTION = "question"  # no attack: somebody asks for information

RsitName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+/[a-z0-9-]+$")]


class RsitLabel(Entry):
    label: Text
    help: Text


class RsitType(RsitLabel):
    """One type of the taxonomy; `name` is `class/type`."""

    name: RsitName
    class_label: Text

    @property
    def tag(self) -> str:
        """The MISP machine tag, such as rsit:availability="ddos"."""
        family, kind = self.name.split("/")
        return f'rsit:{family}="{kind}"'


class _RsitClass(Entry):
    label: Text
    types: dict[Name, RsitLabel]


class _RsitFile(Sourced):
    version: int
    classes: dict[Name, _RsitClass]


class AttackType(Sourced):
    """A kind of attack, the RSIT types it counts as and the playbook that answers it.

    `implies`: facts (`facts.yaml`) that hold once the kind is confirmed.
    """

    name: Name
    label: Text
    plain: Text
    rsit: tuple[RsitName, ...] = Field(min_length=1)
    stix: tuple[str, ...] = Field(min_length=1)
    implies: dict[Name, bool] = Field(default_factory=dict)
    playbook: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]

    @model_validator(mode="after")
    def _rsit_exists(self) -> "AttackType":
        unknown = set(self.rsit) - set(load_rsit())
        if unknown:
            raise ValueError(f"not in RSIT: {sorted(unknown)}")
        return self


@cache
def load_rsit() -> dict[str, RsitType]:
    """Return the types by `class/type`, in the order of the taxonomy."""
    file = _RsitFile.model_validate(read("rsit.yaml"))
    types = (
        RsitType(
            name=f"{family}/{kind}", class_label=group.label, label=entry.label, help=entry.help
        )
        for family, group in file.classes.items()
        for kind, entry in group.types.items()
    )
    return {entry.name: entry for entry in types}


@cache
def load_attack_types() -> dict[str, AttackType]:
    """Return the kinds of attack by name, in the order in which they are offered."""
    return {
        name: AttackType.model_validate({"name": name, **entry})
        for name, entry in read("attack_types.yaml").items()
    }
