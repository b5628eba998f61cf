"""Which playbook answers a case: the one whose `for` says most about it, then by priority."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cyberdesk.core.text import LANGUAGES, Text, _, speaking
from cyberdesk.desk.cases import vocabulary
from cyberdesk.desk.cases.levels import level
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.playbooks.models import PlaybookVersion
from cyberdesk.desk.playbooks.versions import every_current

LEVELS = {1: "low", 2: "medium", 3: "high", 4: "critical"}


@dataclass(frozen=True, slots=True)
class Match:
    """A playbook that fits, and how many of the case's traits it names."""

    version: PlaybookVersion
    fits: int


def candidates(case: Case) -> list[Match]:
    """Return the current playbooks that fit `case`, the best first."""
    return ranked(case, every_current())


def ranked(case: Case, versions: Iterable[PlaybookVersion]) -> list[Match]:
    found = [Match(v, fits) for v in versions if (fits := _fits(v.matching, case)) is not None]
    return sorted(found, key=lambda m: (-m.fits, m.version.priority, m.version.name))


def why_it_fits(case: Case, version: PlaybookVersion) -> dict[str, str]:
    """Say, {fr, en}, which traits of the case the playbook names."""
    found = {}
    for tongue in LANGUAGES:
        with speaking(tongue):
            found[tongue] = str(_why(case, version))
    return found


def _why(case: Case, version: PlaybookVersion) -> Text:
    said = {
        "types": _("type “%(type)s”", type=vocabulary.said(_subjects(case), case.subject)),
        "rsit": _("class %(rsit)s", rsit=case.rsit or ""),
        "severities": _("severity “%(level)s”", level=level(case.level).name),
    }
    traits = [str(text) for key, text in said.items() if version.matching.get(key)]
    if not traits:
        return _("It fits every case of this desk.")
    return _("It says most about this case: %(traits)s", traits=", ".join(traits))


def _subjects(case: Case) -> vocabulary.Words:
    return vocabulary.vocabulary_of(case.strand).subjects


def _fits(matching: Mapping[str, Any], case: Case) -> int | None:
    """Count the traits that match; None when one does not, or when `for` says nothing."""
    traits = {
        "case": (case.strand, case.kind),
        "types": (case.subject,),
        "rsit": (case.rsit,),
        "severities": (LEVELS.get(case.level),),
    }
    said = {key: wanted for key, wanted in matching.items() if wanted}
    for key, wanted in said.items():
        wished = [wanted] if isinstance(wanted, str) else wanted
        if not set(wished) & set(traits.get(key, ())):
            return None
    return len(said) or None
