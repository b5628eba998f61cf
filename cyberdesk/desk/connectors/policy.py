from cyberdesk.core.access import Role

POLICY = {
    "connector:configure": {Role.ADMIN},
    "connector:test": {Role.ADMIN, Role.LEAD},
}
