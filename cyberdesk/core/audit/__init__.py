"""The append-only journal and its proofs (RFC 6962)."""

from cyberdesk.core.audit.log import note, record, recorded

__all__ = ["note", "record", "recorded"]
