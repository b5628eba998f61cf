"""Signs that cannot be seen, or that pass for others, in what was typed or pasted."""

import unicodedata

TAB = "\t"


def is_hidden(sign: str) -> bool:
    """Say whether a sign has no ink: direction marks, zero-width signs (Unicode category Cf)."""
    return unicodedata.category(sign) == "Cf"


def without_hidden(text: str) -> str:
    return text if text.isascii() else "".join(sign for sign in text if not is_hidden(sign))


def is_broken(text: str) -> bool:
    """Say whether the text holds control signs or lone surrogates, which no value has."""
    return any(unicodedata.category(sign) in {"Cc", "Cs"} and sign != TAB for sign in text)


def shown(text: str) -> str:
    """Return `text` with each hidden sign written out: `facture⟨U+202E⟩fdp.exe`."""
    if text.isascii():
        return text
    return "".join(f"⟨U+{ord(sign):04X}⟩" if is_hidden(sign) else sign for sign in text)


def scripts(text: str) -> set[str]:
    """Return the scripts of the letters in `text`: LATIN, CYRILLIC, GREEK…"""
    return {
        unicodedata.name(sign, "UNKNOWN").split(" ")[0].split("-")[0]
        for sign in text
        if sign.isalpha()
    }
