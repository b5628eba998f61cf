"""How observables are told on the timeline: how many and of what, never which."""

from cyberdesk.core.text import Text, _, plural
from cyberdesk.desk.cases.story import Facts, Story
from cyberdesk.desk.intel.marking import LEVELS, Tlp


def _added(facts: Facts) -> Text:
    return plural("One observable added", "%(count)s observables added", int(facts["count"]))


def _level(facts: Facts) -> str:
    return LEVELS[Tlp(facts["tlp"])].name


def _set_aside(facts: Facts) -> Text:
    count = int(facts["count"])
    return plural("One proposed value set aside", "%(count)s proposed values set aside", count)


STORIES = {
    "observable:added": Story(_added, icon="network", group="evidence"),
    "observable:set-aside": Story(_set_aside, icon="ban", group="evidence"),
    "observable:changed": Story(
        lambda _f: _("What is noted of an observable is changed"), icon="edit", group="evidence"
    ),
    "observable:marked": Story(
        lambda f: _("An observable is marked %(tlp)s", tlp=_level(f)),
        icon="shield",
        group="evidence",
    ),
    "observable:retracted": Story(
        lambda _f: _("An observable is retracted"), icon="ban", group="evidence", tone="warn"
    ),
    "observable:restored": Story(
        lambda _f: _("An observable counts again"), icon="refresh", group="evidence"
    ),
    "observable:indicated": Story(
        lambda _f: _("An indicator is made from an observable"), icon="target", group="evidence"
    ),
    "observable:exported": Story(
        lambda f: _("Case exported as STIX, %(tlp)s", tlp=_level(f)),
        icon="download",
        group="evidence",
        tone="warn",
    ),
}
