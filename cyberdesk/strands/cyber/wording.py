"""The strand's words for the desk: its types of case, and how its cases end."""

from cyberdesk.desk.cases.vocabulary import Dimension, Vocabulary
from cyberdesk.strands.cyber.closing import load_causes, load_damages, load_determinations
from cyberdesk.strands.cyber.content import Text
from cyberdesk.strands.cyber.taxonomy import load_attack_types

_SEVERAL = {"information", "monetary", "external"}  # sides of the damage that are a list


def vocabulary() -> Vocabulary:
    return Vocabulary(
        subjects={name: _both(kind.label) for name, kind in load_attack_types().items()},
        determinations={n: _both(word.label) for n, word in load_determinations().items()},
        causes={name: _both(word.label) for name, word in load_causes().items()},
        damages={name: _dimension(name) for name in load_damages()},
    )


def _dimension(name: str) -> Dimension:
    side = load_damages()[name]
    values = {code: _both(word.label) for code, word in side.values.items()}
    return Dimension(_both(side.label), values, several=name in _SEVERAL)


def _both(text: Text) -> dict[str, str]:
    return {"fr": text.fr, "en": text.en}
