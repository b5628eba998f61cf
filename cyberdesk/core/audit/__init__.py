"""The append-only journal and its proofs (RFC 6962)."""

from cyberdesk.core.audit.log import entry_of, note, record, recorded

__all__ = ["entry_of", "note", "record", "recorded"]
