"""The strand's words for the desk: its types of case, and how its cases end."""

from cyberdesk.desk.cases.vocabulary import Vocabulary
from cyberdesk.strands.cyber.closing import load_causes, load_determinations
from cyberdesk.strands.cyber.content import Text
from cyberdesk.strands.cyber.taxonomy import load_attack_types


def vocabulary() -> Vocabulary:
    return Vocabulary(
        subjects={name: _both(kind.label) for name, kind in load_attack_types().items()},
        determinations={n: _both(word.label) for n, word in load_determinations().items()},
        causes={name: _both(word.label) for name, word in load_causes().items()},
    )


def _both(text: Text) -> dict[str, str]:
    return {"fr": text.fr, "en": text.en}
