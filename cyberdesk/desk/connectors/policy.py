from cyberdesk.core.access import Role

POLICY = {
    "connector:list": {Role.ADMIN, Role.LEAD},
    "connector:configure": {Role.ADMIN},
    "connector:test": {Role.ADMIN, Role.LEAD},
}
