"""The pages of cases: the queue, the case, the acts on it, and the news that open pages get."""

from cyberdesk.desk.cases.views import acts, case, live, people, queue, reasons, thread
from cyberdesk.desk.cases.views.door import door

__all__ = ["acts", "case", "door", "live", "people", "queue", "reasons", "thread"]
