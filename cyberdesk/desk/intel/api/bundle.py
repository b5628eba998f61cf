"""The case as a STIX bundle."""

from flask import Response

from cyberdesk.core.web.identity import actor
from cyberdesk.desk.intel import service
from cyberdesk.desk.intel.api.door import door, reached
from cyberdesk.desk.intel.api.shapes import BundleOut, BundleQuery
from cyberdesk.desk.intel.export.bundle import MEDIA_TYPE
from cyberdesk.desk.intel.views.exporting import handed_over


@door.get(
    "/cases/<reference>/bundle",
    may="observable:export",
    also="case:read",
    answers=BundleOut,
    query=BundleQuery,
    media=MEDIA_TYPE,
)
def read_bundle(reference: str, query: BundleQuery) -> Response:
    """Read the case as a STIX 2.1 bundle, `application/stix+json;version=2.1`, at a level.

    Every reading is an export: the journal keeps who, when, for whom and the bundle's hash.
    """
    case = reached(reference)
    made = service.export_case(actor(), case, tlp=query.tlp, exercise=query.exercise)
    return handed_over(case, made)
