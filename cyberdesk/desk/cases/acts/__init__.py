"""What can be done to a case from its page, each on a page with a form that needs no script."""

from cyberdesk.desk.cases.acts import ending, judging, owning, talking
from cyberdesk.desk.cases.acts.act import Act

ACTS: tuple[Act, ...] = (*talking.ACTS, *owning.ACTS, *judging.ACTS, *ending.ACTS)

__all__ = ["ACTS", "Act"]
