"""The page on which a run is taken over to another version of its playbook."""

from uuid import UUID

from flask import request

from cyberdesk.core.errors import ConflictError
from cyberdesk.core.text import _
from cyberdesk.core.web.acting import Answer
from cyberdesk.desk.playbooks.steering import MIGRATE, others, preview
from cyberdesk.desk.playbooks.views.door import door, reached
from cyberdesk.desk.playbooks.views.runs import perform


@door.both("/runs/<uuid:run_id>/do/migrate", may="run:migrate", endpoint="do_migrate")
def migrate(run_id: UUID) -> Answer:
    """Show what going over would come to, for the newest version or the one asked for; do it."""
    run = reached(run_id)
    versions = others(run)
    if not versions:
        raise ConflictError(_("There is no other version of this playbook to go over to."))
    asked = request.values.get("to", "")
    chosen = next((one for one in versions if one.hash == asked), versions[0])
    shown = {"versions": versions, "chosen": chosen, "preview": preview(run, chosen.hash)}
    return perform(MIGRATE, run, shown=shown, template="playbooks/going_over.html")
