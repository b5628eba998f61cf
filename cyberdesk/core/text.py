"""Text for people, translated when it is shown. English in the code, French from `fr.po` files.

Services raise and return `_("Close the case")` without knowing a web framework; the door that
shows it (page, mail, PDF, command line) chooses the language. Each room keeps its own
`translations/fr.po`; they are read at start, nothing is compiled.
"""

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

LANGUAGES = ("fr", "en")
_PACKAGE = Path(__file__).resolve().parents[1]
_language: ContextVar[str] = ContextVar("language", default="fr")


class Text:
    """A translatable text: `str()` gives it in the language of the moment."""

    __slots__ = ("count", "msgid", "parameters", "plural")

    def __init__(
        self, msgid: str, parameters: Mapping[str, Any], plural: str = "", count: int = 0
    ) -> None:
        self.msgid, self.parameters = msgid, parameters
        self.plural, self.count = plural, count

    def __str__(self) -> str:
        catalogue = catalogue_of(_language.get())
        if self.plural:
            found = catalogue.ungettext(self.msgid, self.plural, self.count)
        else:
            found = catalogue.ugettext(self.msgid)
        return str(found % self.parameters if self.parameters else found)

    def __html__(self) -> str:
        from markupsafe import escape

        return str(escape(str(self)))

    def __repr__(self) -> str:
        return f"Text({self.msgid!r})"

    def __eq__(self, other: object) -> bool:
        return str(self) == str(other)

    def __hash__(self) -> int:
        return hash(self.msgid)


def _(msgid: str, **parameters: Any) -> Text:
    """Return the text `msgid`, with `%(name)s` filled in from `parameters`, translated late."""
    return Text(msgid, parameters)


def plural(one: str, many: str, count: int, **parameters: Any) -> Text:
    """Return `one` or `many` by the language's rule; `%(count)s` is given."""
    return Text(one, {"count": count, **parameters}, many, count)


def bilingual(texts: Mapping[str, str] | str | None) -> str:
    """Return the text of `{fr: …, en: …}` (from YAML) in the language of the moment."""
    if not isinstance(texts, Mapping):
        return texts or ""
    return texts.get(_language.get()) or texts.get("fr") or texts.get("en") or ""


def in_each(text: Text) -> dict[str, str]:
    """Return `text` in every language, `{fr, en}`: for a column shown to readers of both."""
    said = {}
    for tongue in LANGUAGES:
        with speaking(tongue):
            said[tongue] = str(text)
    return said


def language() -> str:
    return _language.get()


def speak(tongue: str) -> None:
    """Use `tongue` for the rest of this request or job."""
    _language.set(tongue if tongue in LANGUAGES else "fr")


@contextmanager
def speaking(tongue: str) -> Iterator[None]:
    """Use `tongue` inside the block: mails and papers in the language of their reader."""
    token = _language.set(tongue if tongue in LANGUAGES else "fr")
    try:
        yield
    finally:
        _language.reset(token)


@lru_cache
def catalogue_of(tongue: str) -> Any:
    """Return every room's translations into `tongue`, merged; English is the code itself."""
    merged: Any = NullTranslations()
    if tongue == "en":
        return merged
    merged = Translations()
    for path in sorted(_PACKAGE.glob(f"**/translations/{tongue}.po")):
        part = _read(path)
        merged.merge(part)
        merged.plural = part.plural
    return merged


def _read(path: Path) -> Translations:
    with path.open("rb") as source:
        catalogue = read_po(source, locale=path.stem)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)
