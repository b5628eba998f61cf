"""The ground: every table of the first release, its policies, grants and triggers.

Revision: 0001. Forward only: going back means restoring a backup.
"""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    for statement in Path(__file__).with_suffix(".sql").read_text().split("\n--;\n"):
        op.execute(statement.replace(":", r"\:"))
