"""Who reads the journal as a whole: its headers, in which there is no content of any case."""

from cyberdesk.core.access.permissions import Role

POLICY: dict[str, frozenset[Role]] = {
    "journal:read": frozenset({Role.AUDITOR}),
    "journal:export": frozenset({Role.AUDITOR}),
    "journal:verify": frozenset({Role.AUDITOR, Role.ADMIN}),  # whether it is whole, nothing of it
}
