"""Who may do what with people, organisations and rights."""

from cyberdesk.core.access.permissions import Role

POLICY: dict[str, set[str]] = {
    "directory:import": {Role.ADMIN},
    "token:make": {
        Role.RESPONDER,
        Role.LEAD,
        Role.OFFICER,
        Role.TRAINER,
        Role.AUDITOR,
        Role.ADMIN,
        Role.MANAGER,
    },
}
