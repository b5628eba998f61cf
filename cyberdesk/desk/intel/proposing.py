"""Proposing observables from what was written in a case, until a person has looked at them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from urllib.parse import urlsplit

from cyberdesk.core.access import Actor
from cyberdesk.core.letters import letterhead
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.intel import privacy, service
from cyberdesk.desk.intel.lookups import mark
from cyberdesk.desk.intel.models import OBSERVABLE
from cyberdesk.desk.intel.reading import Sort, Value, read_one, urls, within
from cyberdesk.desk.intel.sources import Written, written

_MOST_TEXT = 200_000  # characters that are looked through for one page
_MOST_VALUES = 60  # proposed from one text: a list of more is pasted, with open eyes
_PUBLIC = ("gouv.fr", "francenum.gouv.fr", "cert.ssi.gouv.fr", "service-public.fr", "cnil.fr")
_WITH_HOST = frozenset({Sort.DOMAIN, Sort.EMAIL, Sort.URL})


@dataclass(frozen=True, slots=True)
class Proposed:
    """What one text proposes: values that the case does not hold, retracted or not."""

    of: Written
    values: Sequence[Value]


def proposals(actor: Actor, case: Case) -> list[Proposed]:
    """Return what people wrote in `case` that may be observables, latest first, each value once."""
    read = [Proposed(one, _values(case, one)) for one in _bounded(actor, case)]
    wanted = {mark(case.key_id, OBSERVABLE, value) for one in read for value in one.values}
    seen = set(service.of_marks(case, wanted))
    found = []
    for one in sorted(read, key=lambda one: one.of.at):
        by_mark = {mark(case.key_id, OBSERVABLE, value): value for value in one.values}
        fresh = [value for key, value in by_mark.items() if key not in seen]
        seen |= set(by_mark)
        if fresh:
            found.append(replace(one, values=fresh[:_MOST_VALUES]))
    return found[::-1]


def harmless(case: Case, value: Value) -> bool:
    """Say whether a value is more likely the victim's own, the centre's or the State's."""
    if privacy.names(value, case.organisation.name):
        return True
    return value.sort in _WITH_HOST and _host(value).endswith(_ours())


def _host(value: Value) -> str:
    held = urls.host_of(value.text) if value.sort is Sort.URL else value.text.rpartition("@")[2]
    return f".{held}"


@cache
def _endings(own: str) -> tuple[str, ...]:
    return tuple(f".{name}" for name in (*_PUBLIC, own) if name)


def _ours() -> tuple[str, ...]:
    return _endings(urlsplit(letterhead().base_url).hostname or "")


def _values(case: Case, one: Written) -> list[Value]:
    lines = [value for line in one.lines for value in read_one(line).found]
    return [value for value in (*lines, *within(one.text)) if not harmless(case, value)]


def _bounded(actor: Actor, case: Case) -> list[Written]:
    """The texts that are looked through: the latest, as far as there is time."""
    left, kept = _MOST_TEXT, []
    for one in sorted(written(actor, case), key=lambda one: one.at, reverse=True):
        if left <= 0:
            break
        kept.append(replace(one, text=one.text[:left]))
        left -= len(one.text)
    return kept
