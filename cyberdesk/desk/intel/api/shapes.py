"""What programs give and get of observables."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import AwareDatetime, Field

from cyberdesk.core.web.api import Input, Output, PageQuery, Query, Words
from cyberdesk.desk.intel.defanging import defang
from cyberdesk.desk.intel.marking import Tlp
from cyberdesk.desk.intel.models import StixObject
from cyberdesk.desk.intel.reading import Sort
from cyberdesk.desk.intel.service.adding import LONGEST_NOTE

MOST_VALUES = 500
_LONGEST_VALUE = 4096


class ValueIn(Input):
    value: str = Field(
        min_length=1,
        max_length=_LONGEST_VALUE,
        description="One value, defanged or not.",
        examples=["hxxps://exemple[.]fr/login"],
    )
    sort: Sort | None = Field(
        default=None, description="What it is; without it, that must be sure.", examples=["url"]
    )


class ObservablesIn(Input):
    values: list[ValueIn] = Field(min_length=1, max_length=MOST_VALUES)
    tlp: Tlp | None = Field(
        default=None, description="One marking for all; each gets its own without it."
    )
    note: Words = Field(default="", max_length=LONGEST_NOTE)
    seen_at: AwareDatetime | None = Field(default=None, description="First seen there.")
    seen_until: AwareDatetime | None = Field(default=None, description="Last seen there.")


class ObservableOut(Output):
    """A value seen in a case."""

    id: UUID
    sort: Sort
    value: str = Field(description="As it is: whoever shows it takes it apart first.")
    defanged: str
    tlp: Tlp
    note: str
    source: str = Field(examples=["person", "message", "machine"])
    seen_at: datetime | None
    seen_until: datetime | None
    added_at: datetime
    added_by: str
    changed_at: datetime
    withdrawn_at: datetime | None
    withdrawn_why: str | None
    indicator: UUID | None = Field(description="The indicator that was made from it.")
    stix: list[dict[str, Any]] = Field(description="The STIX 2.1 object, then those it refers to.")


class AddedOut(Output):
    added: list[ObservableOut]
    known: list[ObservableOut] = Field(
        description="What the case held already, withdrawn or not; it is left as it is."
    )


class ObservableQuery(PageQuery):
    sort: Sort | None = None
    withdrawn: bool = Field(default=False, description="Those that were withdrawn, instead.")


class ChangeIn(Input):
    """What is left out stays as it is."""

    tlp: Tlp | None = None
    note: Words | None = Field(default=None, max_length=LONGEST_NOTE)


class WithdrawIn(Input):
    reason: Words = Field(min_length=1, examples=["Serveur de la mairie."])


class IndicatorOut(Output):
    id: UUID
    pattern: str = Field(examples=["[domain-name:value = 'exemple.fr']"])
    stix: dict[str, Any]


class BundleQuery(Query):
    tlp: Tlp = Field(description="For whom it is: what may travel less far stays behind.")
    exercise: bool = Field(default=False, description="Say that you know it is an exercise.")


class BundleOut(Output):
    """A STIX 2.1 bundle."""

    type: str = Field(examples=["bundle"])
    id: str
    objects: list[dict[str, Any]]


def observable_out(row: StixObject, indicator: StixObject | None) -> ObservableOut:
    return ObservableOut(
        id=row.id,
        sort=Sort(row.sort),
        value=row.value.text,
        defanged=defang(row.value),
        tlp=row.tlp,
        note=row.note,
        source=row.source,
        seen_at=row.seen_at,
        seen_until=row.seen_until,
        added_at=row.added_at,
        added_by=row.added_by_name,
        changed_at=row.changed_at,
        withdrawn_at=row.retracted_at,
        withdrawn_why=row.reason or None,
        indicator=indicator.id if indicator else None,
        stix=row.content.get("objects", []),
    )
