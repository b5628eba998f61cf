"""Cuts a condition into tokens. Nothing here looks at what a word means."""

import re
from dataclasses import dataclass

from cyberdesk.desk.playbooks.conditions.tree import ConditionError

LONGEST = 2_000

_TOKEN = re.compile(
    r"""(?P<space>\s+)
    |(?P<path>__[A-Za-z_][A-Za-z0-9_-]{0,246}?__:value(?![A-Za-z0-9_]))
    |(?P<time>t'[^']{0,64}')
    |(?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
    |(?P<number>[+-]?[0-9]{1,19}(?:\.[0-9]{1,19})?(?![A-Za-z0-9_.]))
    |(?P<word>[A-Za-z][A-Za-z0-9_]*)
    |(?P<sign>==|!=|<>|<=|>=|[=<>(),\[\]])""",
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Token:
    kind: str
    text: str
    offset: int


def cut(source: str) -> list[Token]:
    """Return the tokens of `source` and a last one of kind `end`.

    Raises ConditionError for what is too long or cannot be a token.
    """
    if len(source) > LONGEST:
        raise ConditionError("too-long", LONGEST)
    tokens, offset = [], 0
    while offset < len(source):
        found = _TOKEN.match(source, offset)
        if found is None:
            raise ConditionError("strange-sign", offset, source[offset : offset + 10])
        kind = found.lastgroup or ""
        if kind != "space":
            tokens.append(Token(kind, found.group(), offset))
        offset = found.end()
    return [*tokens, Token("end", "", len(source))]
