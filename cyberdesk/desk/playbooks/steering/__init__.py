"""What a person may do to a run and to its steps, each on a page that needs no script."""

from cyberdesk.desk.playbooks.steering.act import Act, RunAct, StepAct
from cyberdesk.desk.playbooks.steering.of_runs import RUN_ACTS, run_acts
from cyberdesk.desk.playbooks.steering.of_steps import (
    STEP_ACTS,
    VERIFY,
    rehearse,
    step_acts,
    withdrawn,
)
from cyberdesk.desk.playbooks.steering.of_versions import MIGRATE, others, preview

__all__ = [
    "MIGRATE",
    "RUN_ACTS",
    "STEP_ACTS",
    "VERIFY",
    "Act",
    "RunAct",
    "StepAct",
    "others",
    "preview",
    "rehearse",
    "run_acts",
    "step_acts",
    "withdrawn",
]
