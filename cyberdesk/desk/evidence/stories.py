"""How files are told on a case's timeline."""

from cyberdesk.core.text import Text, plural
from cyberdesk.desk.cases.story import Facts, Story


def _added(facts: Facts) -> Text:
    return plural(
        "One file added by the desk", "%(count)s files added by the desk", int(facts["count"])
    )


STORIES = {"case:evidence": Story(_added, icon="paperclip", group="evidence")}
