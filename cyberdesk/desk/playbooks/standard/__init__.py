"""The data model of CACAO Security Playbooks 2.0 (OASIS CS01, 27 November 2023).

It tells, with line and column, what of a playbook the standard does not allow. What is not
forbidden is kept untouched.
"""

from cyberdesk.desk.playbooks.standard.check import check_standard, is_cacao

__all__ = ["check_standard", "is_cacao"]
