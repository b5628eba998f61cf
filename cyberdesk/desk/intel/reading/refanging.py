"""Putting back together what was taken apart so that nobody clicks on it.

`hxxps://exemple[.]fr`, `mairie (point) fr`, `contact[arobase]exemple.fr`: defanging is done by hand
in as many ways as there are people, in French as in English. That a text was defanged is kept: it
says that its author meant an address.
"""

import re

# Few spaces only: a line of nothing but spaces must not cost its square.
_OPEN, _SHUT = r"\s{0,2}[\[({<]\s{0,2}", r"\s{0,2}[\])}>]\s{0,2}"


def _bracketed(words: str) -> str:
    return f"{_OPEN}(?:{words}){_SHUT}"


_SCHEME = re.compile(r"\b(?:hxxp|h\*\*p|h__p|htxp|hxtp)(s?)(?=\W)", re.IGNORECASE)
_FTP = re.compile(r"\bf(?:xp|\*p)(s?)(?=\W)", re.IGNORECASE)
_DOT = re.compile(_bracketed(r"\.|dot|point|punkt"), re.IGNORECASE)
_AT = re.compile(_bracketed(r"@|at|arobase|arobas"), re.IGNORECASE)
_MARKS = re.compile(r"\[(://|:|/|//)\]")
_HALF_DOT = re.compile(r"(?<=\w)(?:\[\.|\.\]|\(\.|\.\))(?=\w)")
_ESCAPED_DOT = re.compile(r"\\\.")
_PLAIN_ESCAPES = re.compile(r"(?:[\w@/:-]|\\\.|\.)+")


def refang(text: str) -> tuple[str, bool]:
    """Return `text` with its addresses whole again, and whether anything had been taken apart."""
    whole = _MARKS.sub(r"\1", text)
    whole = _SCHEME.sub(r"http\1", whole)
    whole = _FTP.sub(r"ftp\1", whole)
    whole = _AT.sub("@", _DOT.sub(".", whole))
    whole = _HALF_DOT.sub(".", whole)
    if "\\." in whole and _PLAIN_ESCAPES.fullmatch(whole):  # a path has other backslashes too
        whole = _ESCAPED_DOT.sub(".", whole)
    return whole, whole != text
