"""From a kind and facts to subject and text, in the language of the reader.

A template is `mails/<kind>.txt` in any room; its first line is the subject. Subjects are neutral:
a mailbox may be read over a shoulder, or by whoever broke into it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from cyberdesk.core.letters.writing import letterhead
from cyberdesk.core.text import _, bilingual, language, plural, speaking
from cyberdesk.core.web import formatting

_HOUSE = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Rendered:
    subject: str
    text: str


def render(kind: str, facts: Mapping[str, Any], tongue: str, *, exercise: bool = False) -> Rendered:
    """Return the letter. Raises jinja2 errors for an unknown kind or a missing fact."""
    head = letterhead()
    with speaking(tongue):
        page = _environment().get_template(f"{kind}.txt")
        whole = page.render(facts, centre=head.centre, base_url=head.base_url)
        subject, _sep, text = whole.strip().partition("\n")
        mark = f"{_('EXERCISE')} · " if exercise else ""
        return Rendered(f"{mark}{subject.strip()}", text.strip() + "\n")


@cache
def _environment() -> Environment:
    folders = sorted({str(path.parent) for path in _HOUSE.glob("**/mails/*.txt")})
    made = Environment(  # noqa: S701  # plain text mails: nothing is HTML
        loader=FileSystemLoader(folders),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.globals.update(_=_, plural=plural, bilingual=bilingual)
    formatting.install(made, language)
    made.filters["instant"] = datetime.fromisoformat
    return made
