"""A case as a STIX 2.1 bundle for others, with what may not leave taken out and listed."""

from cyberdesk.desk.intel.export.bundle import Bundle, compose
from cyberdesk.desk.intel.export.stripping import REASONS, Stripped

__all__ = ["REASONS", "Bundle", "Stripped", "compose"]
