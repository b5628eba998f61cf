"""The one way out: HTTP to the world, guarded (ASVS 5.0 V1.3.6, V12; CWE-918)."""

from cyberdesk.core.egress import guard
from cyberdesk.core.egress.client import Answer, Egress
from cyberdesk.core.egress.guard import EgressRefusedError, Rules, closed

__all__ = ["Answer", "Egress", "EgressRefusedError", "Rules", "closed", "guard"]
