"""The tables of a case and of what hangs on it."""

from cyberdesk.desk.cases.models.case import CLOSED, OPEN, Case, OfCase
from cyberdesk.desk.cases.models.timeline import CaseEvent, CaseReading

__all__ = ["CLOSED", "OPEN", "Case", "CaseEvent", "CaseReading", "OfCase"]
