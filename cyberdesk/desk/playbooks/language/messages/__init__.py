"""The sentences of the findings: what is wrong, and how to mend it, in French and English."""

from cyberdesk.desk.playbooks.language.messages.condition import CONDITION
from cyberdesk.desk.playbooks.language.messages.file import FILE
from cyberdesk.desk.playbooks.language.messages.flow import FLOW
from cyberdesk.desk.playbooks.language.messages.graph import GRAPH
from cyberdesk.desk.playbooks.language.messages.meaning import MEANING
from cyberdesk.desk.playbooks.language.messages.message import Message
from cyberdesk.desk.playbooks.language.messages.shape import SHAPE
from cyberdesk.desk.playbooks.language.messages.standard import STANDARD

MESSAGES: dict[str, Message] = {
    **FILE,
    **SHAPE,
    **FLOW,
    **MEANING,
    **CONDITION,
    **GRAPH,
    **STANDARD,
}
