"""The press: typst turns a template and its data into one PDF.

Every paper is PDF/UA-1 (ISO 14289-1: tagged, titled, with its language) and PDF/A-3a at once.
Data reach a template as JSON values, never as markup: what a person wrote is printed as it is and
cannot run. Fonts are those of the typst wheel or of the system; nothing is fetched. A sign that no
font of the machine has is spelled out, `[U+1F642]`, rather than the paper refused.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import structlog
import typst

from cyberdesk.core import clock
from cyberdesk.core.text import LANGUAGES
from cyberdesk.desk.documents.printable import clean, sure

_TEMPLATES = Path(__file__).parent / "templates"
_log = structlog.get_logger(__name__)
_FRAME = "frame"  # the page that every template stands in, no paper of its own


class UnknownPaperError(KeyError):
    """No template has this name."""


def render(
    template: str, data: Mapping[str, Any], language: str, *, exercise: bool = False
) -> bytes:
    """Return the paper `template` filled with `data` (plain JSON) as PDF.

    `data["title"]` is the document's title. With `exercise`, every page says so. Raises
    UnknownPaperError for a name without a template; a template that fails raises typst.TypstError.
    """
    if template not in papers():
        raise UnknownPaperError(f"no paper {template!r}; there are: {', '.join(papers())}")
    moment = clock.now()
    facts = {**clean(data), "language": _known(language), "exercise": exercise}
    facts["made_on"] = _day(moment)
    try:
        return _printed(template, facts, moment)
    except typst.TypstError:  # its words may quote what somebody typed: they stay out of the log
        _log.warning("printed again with rare signs spelled out", paper=template)
        return _printed(template, sure(facts), moment)


def _printed(template: str, facts: Mapping[str, Any], moment: datetime) -> bytes:
    return typst.compile(
        str(_TEMPLATES / f"{template}.typ"),
        root=str(_TEMPLATES),
        font_paths=_fonts(),
        sys_inputs={"data": json.dumps(facts, ensure_ascii=False)},
        format="pdf",
        pdf_standards=["ua-1", "a-3a"],
        timestamp=moment.replace(microsecond=0),
    )


@cache
def papers() -> tuple[str, ...]:
    """Return the names of the papers that can be printed."""
    return tuple(sorted(p.stem for p in _TEMPLATES.glob("*.typ") if p.stem != _FRAME))


@cache
def _fonts() -> typst.Fonts:
    """Look the fonts up once in a process: it takes longer than printing."""
    return typst.Fonts()


def _known(language: str) -> str:
    return language if language in LANGUAGES else LANGUAGES[0]


def _day(moment: Any) -> dict[str, int]:
    return {"year": moment.year, "month": moment.month, "day": moment.day}
