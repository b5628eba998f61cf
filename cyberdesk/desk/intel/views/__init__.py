"""The pages of observables: adding, one of them, handing a case to others."""

from cyberdesk.desk.intel.views import adding, exporting, one
from cyberdesk.desk.intel.views.door import door

__all__ = ["adding", "door", "exporting", "one"]
