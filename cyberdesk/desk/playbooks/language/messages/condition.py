"""What a condition cannot say, by the code of its fault."""

from cyberdesk.desk.playbooks.language.messages.message import error

_SAID = {
    "too-long": ("Condition trop longue.", "The condition is too long."),
    "too-deep": ("Condition trop imbriquée.", "The condition is nested too deeply."),
    "strange-sign": (
        "Signe inattendu « {found} » dans la condition.",
        "Unexpected sign `{found}` in the condition.",
    ),
    "unexpected": (
        "« {found} » n’est pas attendu ici dans la condition.",
        "`{found}` is not expected here in the condition.",
    ),
    "known-or-unknown": (
        "« known » ou « unknown » doit suivre « is ».",
        "`known` or `unknown` must follow `is`.",
    ),
    "variable-expected": (
        "Une variable doit être à gauche.",
        "A variable must stand on the left.",
    ),
    "literal-expected": (
        "Une valeur doit être à droite.",
        "A value must stand on the right.",
    ),
    "quotes-missing": (
        "Le texte « {found} » doit être entre guillemets simples.",
        "The text `{found}` must be in single quotes.",
    ),
    "bad-time": ("Instant illisible {found}.", "Unreadable instant {found}."),
    "missing-open": ("Il manque « ( ».", "`(` is missing."),
    "missing-close": ("Il manque « ) ».", "`)` is missing."),
    "missing-bracket": ("Il manque « ] ».", "`]` is missing."),
    "type-mismatch": (
        "« {variable} » ({type}) ne se compare pas ainsi à {literal}.",
        "`{variable}` ({type}) cannot be compared with {literal} this way.",
    ),
    "unknown-choice": (
        "« {literal} » n’est pas un choix de « {variable} » : {choices}.",
        "`{literal}` is not a choice of `{variable}`: {choices}.",
    ),
    "bad-pattern": (
        "Expression régulière refusée : {literal}.",
        "Regular expression refused: {literal}.",
    ),
}
_MEND = (
    "Exemple : hosts > 5 or vector in ('mail', 'vpn').",
    "Example: hosts > 5 or vector in ('mail', 'vpn').",
)

CONDITION = {f"condition-{code}": error(fr, en, *_MEND) for code, (fr, en) in _SAID.items()}
