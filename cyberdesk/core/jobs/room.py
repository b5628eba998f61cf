"""The room of deliveries: what leaves after a commit, and who looks at what could not."""

from cyberdesk.core.jobs.journalled import ACTS
from cyberdesk.core.jobs.policy import POLICY
from cyberdesk.core.room import Room
from cyberdesk.core.text import _

ROOM = Room(name="jobs", title=_("Deliveries"), policy=POLICY, journalled=ACTS)
