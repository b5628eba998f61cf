"""The letter that ends a case, as a paper: always in French, as it was written."""

import re
from collections.abc import Iterator
from typing import Any

from cyberdesk.core import letters
from cyberdesk.core.text import _, bilingual, speaking
from cyberdesk.core.web.formatting import day
from cyberdesk.desk.cases.models import CaseEnding

_ITEM = re.compile(r"^[-•–*]\s+")
_LONGEST_HEADING = 80


def letter_data(ending: CaseEnding) -> dict[str, Any]:
    """Return what the paper `letter` needs, for the letter of `ending`."""
    case, centre = ending.case, letters.letterhead().centre
    with speaking("fr"):
        return {
            "title": str(_("Your case %(reference)s", reference=case.reference)),
            "issuer": centre,
            "to": case.organisation.name,
            "place_and_date": str(_("On %(day)s", day=day(ending.at, "fr"))),
            "about": str(_("Subject: %(title)s", title=bilingual(case.title))),
            "body": list(body(ending.letter)),
            "closing": "",
            "signed": f"{ending.author_name}, {centre}",
            "foot": f"{case.reference} · {centre}",
        }


def body(text: str) -> Iterator[dict[str, Any]]:
    """Yield the letter's parts: paragraphs, lists, and lines that announce what follows."""
    for block in re.split(r"\n\s*\n", text.strip()):
        lines = [line.strip() for line in block.splitlines() if line.strip()]
        if lines and _announces(lines[0], alone=len(lines) == 1):
            yield {"kind": "heading", "text": lines.pop(0).rstrip(" :\u202f\xa0")}
        if lines and all(_ITEM.match(line) for line in lines):
            yield {"kind": "list", "entries": [_ITEM.sub("", line) for line in lines]}
        elif lines:
            yield {"kind": "text", "text": "\n".join(lines)}


def _announces(line: str, *, alone: bool) -> bool:
    """Say whether a line is a heading: it ends with a colon, or with a word and more follows."""
    ends = line.endswith(":") or (line[-1].isalnum() and not alone)
    return ends and len(line) <= _LONGEST_HEADING and not _ITEM.match(line)
