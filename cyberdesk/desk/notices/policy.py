from cyberdesk.core.access import STAFF, Role

POLICY = {"notice:read": STAFF | {Role.AUDITOR}}
