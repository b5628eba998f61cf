"""The objects of Incident Core 2.0 (draft of 10 October 2023), made known to the stix2 library.

The draft holds the details of an impact under keys such as `availability`, which STIX 2.1 §7.3 does
not take as the name of an extension and which stix2 and stix2-validator refuse. Impacts therefore
carry their category, criticality and description, as in the draft's own example §2.3.1.
"""

from collections.abc import Mapping
from functools import cache
from threading import Lock
from typing import Any

INCIDENT_CORE = "extension-definition--ef765651-680c-498d-9894-99799f2fa126"
EVENT = "extension-definition--4ca6de00-5b0d-45ef-a1dc-ea7279ea910e"
IMPACT = "extension-definition--7cc33dd6-f6a1-489b-98ea-522d351d71b9"
TASK = "extension-definition--2074a052-8be4-4932-849e-f5e7798e0030"

FIDELITIES = ("second", "minute", "hour", "day", "month", "year")  # timestamp-fidelity-enum
EVENT_STATUSES = ("not-occurred", "occurred", "ongoing", "pending", "undetermined")
TASK_OUTCOMES = ("cancelled", "failed", "ongoing", "pending", "successful", "unknown")
DETERMINATIONS = ("blocked", "confirmed", "failed-attempt", "false-positive", "suspected")
STATUSES = ("closed", "new", "open")
IMPACTS = (
    "availability",
    "confidentiality",
    "external",
    "integrity",
    "monetary",
    "physical",
    "traceability",
)
_lock = Lock()


def new_classes() -> Mapping[str, Any]:
    """Return the stix2 classes of `event`, `impact` and `task`, registered once in a process."""
    with _lock:
        return _registered()


@cache
def _registered() -> Mapping[str, Any]:
    _register_incident_core()
    return {"event": _event(), "impact": _impact(), "task": _task()}


def _register_incident_core() -> None:
    from stix2 import properties as p
    from stix2.v21 import CustomExtension

    entries = p.ListProperty(p.DictionaryProperty(spec_version="2.1"))
    known = [
        ("determination", p.EnumProperty(DETERMINATIONS, required=True)),
        ("investigation_status", p.EnumProperty(STATUSES, required=True)),
        ("criticality", p.IntegerProperty(min=0, max=100)),
        ("detection_methods", p.ListProperty(p.StringProperty)),
        ("events", entries),
        ("impact_refs", p.ListProperty(p.ReferenceProperty(["impact"], spec_version="2.1"))),
        ("incident_types", p.ListProperty(p.StringProperty)),
        ("tasks", entries),
    ]

    @CustomExtension(INCIDENT_CORE, known)
    class IncidentCore:
        extension_type = "property-extension"


def _event() -> Any:
    from stix2 import properties as p

    return _custom(
        "event",
        EVENT,
        [
            ("name", p.StringProperty()),
            ("description", p.StringProperty()),
            ("status", p.EnumProperty(EVENT_STATUSES, required=True)),
            ("event_types", p.ListProperty(p.StringProperty)),
            (
                "sighting_refs",
                p.ListProperty(p.ReferenceProperty(["sighting"], spec_version="2.1")),
            ),
            *_times(),
        ],
    )


def _impact() -> Any:
    from stix2 import properties as p

    refs = p.ListProperty(p.ReferenceProperty(["SCO", "SDO"], spec_version="2.1"))
    return _custom(
        "impact",
        IMPACT,
        [
            ("impact_category", p.EnumProperty(IMPACTS, required=True)),
            ("criticality", p.IntegerProperty(min=0, max=100)),
            ("description", p.StringProperty()),
            ("impacted_refs", refs),
            *_times(),
        ],
    )


def _task() -> Any:
    from stix2 import properties as p

    return _custom(
        "task",
        TASK,
        [
            ("name", p.StringProperty()),
            ("outcome", p.EnumProperty(TASK_OUTCOMES, required=True)),
            ("task_types", p.ListProperty(p.StringProperty)),
            *_times(),
        ],
    )


def _times() -> list[tuple[str, Any]]:
    from stix2 import properties as p

    return [
        ("start_time", p.TimestampProperty()),
        ("start_time_fidelity", p.EnumProperty(FIDELITIES)),
        ("end_time", p.TimestampProperty()),
        ("end_time_fidelity", p.EnumProperty(FIDELITIES)),
    ]


def _custom(kind: str, extension: str, known: list[tuple[str, Any]]) -> Any:
    from stix2.v21 import CustomObject

    return CustomObject(kind, known, extension_name=extension)(type(kind.title(), (), {}))
