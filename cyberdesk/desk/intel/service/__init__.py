"""The acts on observables, as others call them: `service.add_observables(actor, case, …)`."""

from cyberdesk.desk.intel.service.adding import (
    Added,
    add_observables,
    of_marks,
    of_values,
    set_aside,
)
from cyberdesk.desk.intel.service.changing import Seen, change, restore, retract
from cyberdesk.desk.intel.service.exporting import export_case, preview_export
from cyberdesk.desk.intel.service.indicating import make_indicator
from cyberdesk.desk.intel.service.reaching import (
    access_object,
    count_of,
    elsewhere,
    indicators_from,
    objects_of,
)
from cyberdesk.desk.intel.service.shelving import Shelf, indicated, shelf

__all__ = [
    "Added",
    "Seen",
    "Shelf",
    "access_object",
    "add_observables",
    "change",
    "count_of",
    "elsewhere",
    "export_case",
    "indicated",
    "indicators_from",
    "make_indicator",
    "objects_of",
    "of_marks",
    "of_values",
    "preview_export",
    "restore",
    "retract",
    "set_aside",
    "shelf",
]
