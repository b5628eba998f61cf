"""`python -m tests.chaos.publish DATA URL`: the campaign's playbook and its connector's settings.

Run apart from the campaign, for it needs the connector's package on its path.
"""

import sys
from pathlib import Path

from cyberdesk.cli._attached import house
from cyberdesk.core.access import system
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.desk.connectors import service as connectors
from cyberdesk.desk.playbooks import versions

if __name__ == "__main__":
    with house(Path(sys.argv[1])), atomic(SYSTEM):
        connectors.ensure("chaos", {"url": sys.argv[2]}, {})
        source = (Path(__file__).parent / "playbook.yaml").read_text(encoding="utf-8")
        versions.publish(system("chaos"), source=source)
