"""Who may do what with people, organisations and rights."""

from cyberdesk.core.access.permissions import Role

# Everybody who has an account. What they reach with it is their own.
_PEOPLE = frozenset(role for role in Role if role is not Role.DECLARANT)

POLICY: dict[str, frozenset[Role]] = {
    "administrator:first": frozenset(),  # the command line
    "directory:import": frozenset({Role.ADMIN}),
    "invitation:accept": frozenset(),  # the house, for whoever holds the link
    "organisation:manage": frozenset({Role.ADMIN, Role.LEAD}),
    "password:list": frozenset(),  # the command line
    "password:ask": frozenset(),  # the house, for whoever asks
    "password:renew": frozenset(),  # the house, for whoever holds the link
    "person:invite": frozenset({Role.ADMIN, Role.MANAGER}),
    "person:list": frozenset({Role.ADMIN, Role.AUDITOR}),
    "person:manage": frozenset({Role.ADMIN}),
    "token:make": _PEOPLE - {Role.MAYOR, Role.DPO, Role.PROVIDER},
}
