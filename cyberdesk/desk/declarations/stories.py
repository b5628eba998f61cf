"""How the acts of this room are told on a case's timeline."""

from cyberdesk.core.text import Text, _, plural
from cyberdesk.desk.cases.story import Facts, Story
from cyberdesk.desk.declarations.ways import role_in_words


def _shared(facts: Facts) -> Text:
    return _("A link was given to %(who)s", who=role_in_words(str(facts.get("role"))))


def _unshared(facts: Facts) -> Text:
    return _("The link of %(who)s was taken back", who=role_in_words(str(facts.get("role"))))


def _files(facts: Facts) -> Text:
    return plural("One file handed in", "%(count)s files handed in", int(facts.get("count", 1)))


STORIES = {
    "case:declared-by-program": Story(
        lambda _facts: _("Declared through a program, on behalf of the organisation"), icon="send"
    ),
    "case:files": Story(_files, icon="paperclip", group="evidence"),
    "case:shared": Story(_shared, icon="link"),
    "case:unshared": Story(_unshared, icon="link"),
}
