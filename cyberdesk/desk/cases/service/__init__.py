"""The acts on a case, as others call them: `service.open_case(actor, …)`."""

from cyberdesk.desk.cases.service.loading import access_case, find_case
from cyberdesk.desk.cases.service.opening import open_case, retriage
from cyberdesk.desk.cases.service.timeline import tell, timeline
from cyberdesk.desk.cases.service.waiting import rerank_due, set_next_due, set_waiting

__all__ = [
    "access_case",
    "find_case",
    "open_case",
    "rerank_due",
    "retriage",
    "set_next_due",
    "set_waiting",
    "tell",
    "timeline",
]
