"""Recursive descent over the tokens: or < and < not < comparison."""

from datetime import datetime

from cyberdesk.desk.playbooks.conditions.tokens import Token, cut
from cyberdesk.desk.playbooks.conditions.tree import (
    AllOf,
    AnyOf,
    Comparison,
    Condition,
    ConditionError,
    Known,
    Literal,
    Operator,
    negate,
)
from cyberdesk.desk.playbooks.values import instant

_DEEPEST = 50
_SIGNS = {
    "=": Operator.EQUAL,
    "==": Operator.EQUAL,
    "!=": Operator.UNEQUAL,
    "<>": Operator.UNEQUAL,
    "<": Operator.LESS,
    "<=": Operator.AT_MOST,
    ">": Operator.MORE,
    ">=": Operator.AT_LEAST,
}
_KEYWORDS = frozenset(
    {"and", "or", "not", "in", "like", "matches", "is", "exists", "true", "false"}
)


def parse(source: str) -> Condition:
    """Return the condition written in `source`, readable or STIX spelling, brackets or not.

    Raises ConditionError.
    """
    return _Parser(cut(source)).whole()


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        self.tokens, self.at, self.depth = tokens, 0, 0

    def whole(self) -> Condition:
        bracketed = self._take_sign("[")
        condition = self._either()
        if bracketed:
            self._need("]")
        if self._here.kind != "end":
            raise self._fault("unexpected")
        return condition

    def _either(self) -> Condition:
        parts = [self._both()]
        while self._take_word("or"):
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))

    def _both(self) -> Condition:
        parts = [self._one()]
        while self._take_word("and"):
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else AllOf(tuple(parts))

    def _one(self) -> Condition:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise self._fault("too-deep")
        try:
            if self._take_word("not"):
                return negate(self._one())
            if self._take_sign("("):
                inner = self._either()
                self._need(")")
                return inner
            return self._test()
        finally:
            self.depth -= 1

    def _test(self) -> Condition:
        if self._take_word("exists"):
            return Known(self._variable())
        variable = self._variable()
        if self._take_word("is"):
            return self._known(variable)
        negated = self._take_word("not")
        condition = self._comparison(variable)
        return negate(condition) if negated else condition

    def _known(self, variable: str) -> Condition:
        negated = self._take_word("not")
        if self._take_word("known"):
            return Known(variable, negated)
        if self._take_word("unknown"):
            return Known(variable, not negated)
        raise self._fault("known-or-unknown")

    def _comparison(self, variable: str) -> Condition:
        token = self._here
        if token.kind == "sign" and token.text in _SIGNS:
            self.at += 1
            return Comparison(variable, _SIGNS[token.text], (self._literal(),))
        if self._take_word("in"):
            return Comparison(variable, Operator.IN, self._list())
        for word in (Operator.LIKE, Operator.MATCHES):
            if self._take_word(word.lower()):
                return Comparison(variable, word, (self._literal(),))
        return Comparison(variable, Operator.EQUAL, (True,))

    def _list(self) -> tuple[Literal, ...]:
        self._need("(")
        literals = [self._literal()]
        while self._take_sign(","):
            literals.append(self._literal())
        self._need(")")
        return tuple(literals)

    def _variable(self) -> str:
        token = self._here
        if token.kind == "path":
            self.at += 1
            return token.text[2 : -len("__:value")]
        if token.kind == "word" and token.text.lower() not in _KEYWORDS:
            self.at += 1
            return token.text
        raise self._fault("variable-expected")

    def _literal(self) -> Literal:
        token = self._here
        self.at += 1
        match token.kind:
            case "number":
                return float(token.text) if "." in token.text else int(token.text)
            case "text":
                return _unescaped(token.text)
            case "time":
                return self._time(token)
            case "word" if token.text.lower() in ("true", "false"):
                return token.text.lower() == "true"
        self.at -= 1
        code = "quotes-missing" if token.kind == "word" else "literal-expected"
        raise self._fault(code)

    def _time(self, token: Token) -> datetime:
        read = instant(token.text[2:-1])
        if read is None:
            raise ConditionError("bad-time", token.offset, token.text)
        return read

    @property
    def _here(self) -> Token:
        return self.tokens[self.at]

    def _take_word(self, word: str) -> bool:
        taken = self._here.kind == "word" and self._here.text.lower() == word
        self.at += taken
        return taken

    def _take_sign(self, sign: str) -> bool:
        taken = self._here.kind == "sign" and self._here.text == sign
        self.at += taken
        return taken

    def _need(self, sign: str) -> None:
        if not self._take_sign(sign):
            raise self._fault("missing-" + {"(": "open", ")": "close", "]": "bracket"}[sign])

    def _fault(self, code: str) -> ConditionError:
        return ConditionError(code, self._here.offset, self._here.text)


def _unescaped(quoted: str) -> str:
    """Return the text between the quotes; a backslash keeps the sign after it."""
    rest = iter(quoted[1:-1])
    return "".join(next(rest) if sign == "\\" else sign for sign in rest)
