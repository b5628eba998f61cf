"""Observables for programs: those of a case, and the case as a STIX bundle."""

from cyberdesk.desk.intel.api import acts, bundle, listing
from cyberdesk.desk.intel.api.door import door

__all__ = ["acts", "bundle", "door", "listing"]
