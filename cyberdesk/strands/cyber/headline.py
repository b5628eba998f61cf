"""The title of a case, made from codes and never from what somebody typed."""

from cyberdesk.strands.cyber.content import Text
from cyberdesk.strands.cyber.questionnaire import Answers, chosen
from cyberdesk.strands.cyber.services import Service, load_services
from cyberdesk.strands.cyber.taxonomy import load_attack_types

_MOST = 3
_WEIGHTS = ("vital", "essential", "useful")


def headline(kind: str, answers: Answers) -> Text:
    """Return « Rançongiciel · état civil, paie, école +2 »: the kind and what has stopped.

    The weightiest services come first. KeyError for a kind that does not exist.
    """
    label = load_attack_types()[kind].label
    named = chosen(answers, "services")
    stopped = [service for service in load_services().values() if service.name in named]
    stopped.sort(key=lambda service: _WEIGHTS.index(service.weight))
    return Text(fr=label.fr + _rest(stopped, "fr"), en=label.en + _rest(stopped, "en"))


def _rest(stopped: list[Service], language: str) -> str:
    if not stopped:
        return ""
    more = f" +{len(stopped) - _MOST}" if len(stopped) > _MOST else ""
    return " · " + ", ".join(service.short.say(language) for service in stopped[:_MOST]) + more
