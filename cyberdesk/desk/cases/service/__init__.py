"""The acts on a case, as others call them: `service.open_case(actor, …)`."""

from cyberdesk.desk.cases.service.closing import close_case, endings, reopen_case
from cyberdesk.desk.cases.service.contacts import (
    add_person,
    change_person,
    chronicle,
    end_person,
    log_call,
    people,
)
from cyberdesk.desk.cases.service.glass import break_glass, broken_into
from cyberdesk.desk.cases.service.journal import journal
from cyberdesk.desk.cases.service.links import (
    duplicate_of,
    duplicates,
    link,
    links_of,
    merge,
    unlink,
    unmerge,
)
from cyberdesk.desk.cases.service.loading import access_case, find_case
from cyberdesk.desk.cases.service.opening import open_case, retriage
from cyberdesk.desk.cases.service.ownership import (
    answer_escalation,
    escalate,
    hand_over,
    release,
    take,
)
from cyberdesk.desk.cases.service.severity import drop_override, override_severity
from cyberdesk.desk.cases.service.team import team
from cyberdesk.desk.cases.service.telling import tell, tell_each, timeline
from cyberdesk.desk.cases.service.thread import (
    acknowledge,
    add_note,
    mark_read,
    messages,
    read_by,
    unread,
    write,
)
from cyberdesk.desk.cases.service.views import forget_view, save_view, saved_views
from cyberdesk.desk.cases.service.waiting import rerank_due, set_next_due, set_waiting

__all__ = [
    "access_case",
    "acknowledge",
    "add_note",
    "add_person",
    "answer_escalation",
    "break_glass",
    "broken_into",
    "change_person",
    "chronicle",
    "close_case",
    "drop_override",
    "duplicate_of",
    "duplicates",
    "end_person",
    "endings",
    "escalate",
    "find_case",
    "forget_view",
    "hand_over",
    "journal",
    "link",
    "links_of",
    "log_call",
    "mark_read",
    "merge",
    "messages",
    "open_case",
    "override_severity",
    "people",
    "read_by",
    "release",
    "reopen_case",
    "rerank_due",
    "retriage",
    "save_view",
    "saved_views",
    "set_next_due",
    "set_waiting",
    "take",
    "team",
    "tell",
    "tell_each",
    "timeline",
    "unlink",
    "unmerge",
    "unread",
    "write",
]
