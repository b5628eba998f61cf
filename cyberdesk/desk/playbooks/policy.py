"""Who may start and steer playbooks. Their content is public within the house."""

from cyberdesk.core.access import STAFF, Role
from cyberdesk.core.text import _

POLICY = {
    "playbook:read": STAFF | {Role.OFFICER, Role.TRAINER, Role.AUDITOR, Role.ADMIN},
    "playbook:draft": STAFF,
    "playbook:publish": {Role.LEAD},
    "playbook:secret": {Role.LEAD, Role.ADMIN},
    "publisher:list": {Role.LEAD, Role.ADMIN},
    "publisher:manage": {Role.ADMIN},
    "watch:read": STAFF | {Role.ADMIN},  # of cases, only those within reach; else numbers
    "run:read": STAFF,
    "run:start": STAFF,
    "run:pause": STAFF,
    "run:cancel": {Role.LEAD},
    "run:migrate": {Role.LEAD},
    "run:skip": STAFF,
    "run:retry": STAFF,
    "run:redo": STAFF,
    "run:settle": STAFF,
    "run:signal": STAFF,
}

# What each opens to a program.
OPENS = {
    "playbook:read": _("Read the library of playbooks"),
    "playbook:draft": _("Check playbooks and bring them in as drafts"),
    "playbook:publish": _("Publish playbooks"),
    "run:start": _("Start playbooks on cases"),
    "run:read": _("Follow playbooks that run"),
    "run:signal": _("Tell a playbook that something has happened"),
}
