"""A first draft of the letter that ends a case, for a person to finish: always in French."""

from cyberdesk.core.text import bilingual, speaking
from cyberdesk.core.web.formatting import day
from cyberdesk.desk.cases.models import Case

# The letter is a document for a French commune: it is written in its language, whoever drafts it.
_LETTER = """Madame, Monsieur,

Le {opened}, vous nous avez signalé un incident ({title}), suivi sous la référence {reference}.

Ce qui s’est passé :

Ce qui a été fait :

Ce qu’il reste à faire :

Nous restons à votre écoute. Gardez cette lettre avec vos preuves : votre assurance, les \
enquêteurs ou la CNIL peuvent vous la demander.
"""


def draft(case: Case) -> str:
    with speaking("fr"):
        title = bilingual(case.title)
    return _LETTER.format(opened=day(case.opened_at, "fr"), title=title, reference=case.reference)
