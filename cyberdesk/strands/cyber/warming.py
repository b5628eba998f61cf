"""What the first case of a process would otherwise wait for: rules read, holidays computed."""

from cyberdesk.core import clock
from cyberdesk.strands.cyber import calendar
from cyberdesk.strands.cyber.classification import load_signs
from cyberdesk.strands.cyber.contacts import load_contacts
from cyberdesk.strands.cyber.facts import load_facts
from cyberdesk.strands.cyber.gestures import load_gestures
from cyberdesk.strands.cyber.obligations import load_obligations
from cyberdesk.strands.cyber.questionnaire import load_questionnaire
from cyberdesk.strands.cyber.services import load_services
from cyberdesk.strands.cyber.severity import load_scale
from cyberdesk.strands.cyber.speech import load_speech
from cyberdesk.strands.cyber.taxonomy import load_attack_types, load_rsit

_LOADERS = (
    load_questionnaire,
    load_scale,
    load_signs,
    load_attack_types,
    load_rsit,
    load_services,
    load_facts,
    load_obligations,
    load_gestures,
    load_contacts,
    load_speech,
)


def warm() -> None:
    """Load all that sending a declaration needs; nothing of it is asked of the database."""
    for load in _LOADERS:
        load()
    year = clock.now().year
    for one in (year, year + 1):  # a delay that begins in December ends in January
        calendar.public_holidays(one)
