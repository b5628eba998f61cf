"""Who looks at deliveries that were given up, and tries them again. They hold ids, no content."""

from cyberdesk.core.access import STAFF, Role

POLICY = {
    "delivery:read": STAFF | {Role.ADMIN},
    "delivery:settle": STAFF | {Role.ADMIN},
    "delivery:house": {Role.ADMIN},  # those that belong to no case
}
