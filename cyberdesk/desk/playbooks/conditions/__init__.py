"""Conditions: STIX comparison expressions over playbook variables, and a readable spelling.

`hosts > 5 or backups_reachable == false` and `__hosts__:value > 5 OR …` read to the same tree.
Values are three-valued: a condition that cannot be decided is None, never a guess.
"""

from cyberdesk.desk.playbooks.conditions.check import mistakes
from cyberdesk.desk.playbooks.conditions.evaluate import evaluate
from cyberdesk.desk.playbooks.conditions.parser import parse
from cyberdesk.desk.playbooks.conditions.tree import (
    Comparison,
    Condition,
    ConditionError,
    Known,
    variables,
)
from cyberdesk.desk.playbooks.conditions.write import readable, stix

__all__ = [
    "Comparison",
    "Condition",
    "ConditionError",
    "Known",
    "evaluate",
    "mistakes",
    "parse",
    "readable",
    "stix",
    "variables",
]
