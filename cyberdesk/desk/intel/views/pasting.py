"""What the form of adding sends: the text as it was pasted, and what a person said of it.

The text travels with the form, so that nothing is kept anywhere before a person has confirmed it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import request

from cyberdesk.core.errors import InvalidError
from cyberdesk.core.text import _
from cyberdesk.core.web.forms import refuse_unknown
from cyberdesk.desk.cases.acts.act import instant
from cyberdesk.desk.intel.marking import Tlp
from cyberdesk.desk.intel.reading import Sort
from cyberdesk.desk.intel.vocabulary import PERSON, SOURCES

ADD, READ = "add", "read"
_FIELDS = {"text", "source", "source_id", "do", "keep", "offered", "tlp", "note"}
_SEEN = ("seen_at", "seen_until")
_SAID = re.compile(r"said-(\d{1,5})")


@dataclass(frozen=True, slots=True)
class Sent:
    """A form as it came. `said` is by line number; `keep` names values by their key."""

    text: str
    source: str
    source_id: UUID | None
    said: Mapping[int, Sort]
    keep: frozenset[str]
    offered: bool
    adds: bool
    tlp: str
    note: str
    seen: Mapping[str, str]

    @property
    def marking(self) -> Tlp | None:
        return Tlp(self.tlp) if self.tlp in set(Tlp) else None

    def instants(self) -> Mapping[str, datetime | None]:
        """Return when it was seen. Raises InvalidError for what is no time."""
        return {name: _instant(name, typed) for name, typed in self.seen.items()}


def sent() -> Sent:
    """Read the form of this request; unknown fields and sources are refused."""
    said = {name: found[1] for name in request.form if (found := _SAID.fullmatch(name))}
    refuse_unknown({*_FIELDS, *_SEEN, *said})
    source = request.form.get("source") or PERSON
    if source not in SOURCES:
        raise InvalidError(_("Something needs another look."), fields={"source": [source[:40]]})
    return Sent(
        text=request.form.get("text", "").replace("\r\n", "\n"),
        source=source,
        source_id=_uuid(request.form.get("source_id", "")),
        said={
            int(number): Sort(request.form[name])
            for name, number in said.items()
            if request.form[name] in set(Sort)
        },
        keep=frozenset(request.form.getlist("keep")),
        offered="offered" in request.form,
        adds=request.form.get("do") == ADD,
        tlp=request.form.get("tlp", ""),
        note=request.form.get("note", ""),
        seen={name: request.form.get(name, "") for name in _SEEN},
    )


def _instant(name: str, typed: str) -> datetime | None:
    try:
        return instant(datetime.fromisoformat(typed)) if typed else None
    except ValueError:
        wrong = _("This is no date and time.")
        raise InvalidError(_("Something needs another look."), fields={name: [wrong]}) from None


def _uuid(typed: str) -> UUID | None:
    try:
        return UUID(typed) if typed else None
    except ValueError:
        raise InvalidError(
            _("Something needs another look."), fields={"source": [typed[:40]]}
        ) from None
