"""Who reads the journal as a whole. It is read by its headers: no content of any case is in them."""

from cyberdesk.core.access.permissions import Role

POLICY: dict[str, frozenset[Role]] = {
    "journal:read": frozenset({Role.AUDITOR}),
    "journal:export": frozenset({Role.AUDITOR}),
    "journal:verify": frozenset({Role.AUDITOR, Role.ADMIN}),  # whether it is whole, nothing of it
}
