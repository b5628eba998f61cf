"""A playbook as people look at it: its plan, how far a run has come, its graphs and their lists."""
