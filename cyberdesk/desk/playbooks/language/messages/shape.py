"""What may stand where: keys, values, texts, blocks."""

from cyberdesk.desk.playbooks.language.messages.message import error

SHAPE = {
    "unknown-key": error(
        "Clé inconnue « {key} ».",
        "Unknown key `{key}`.",
        "La plus proche : « {near} ». Possibles : {known}.",
        "Nearest: `{near}`. Possible: {known}.",
    ),
    "missing-key": error(
        "Il manque « {key} ».",
        "`{key}` is missing.",
        "Ajoutez « {key}: … ».",
        "Add `{key}: …`.",
    ),
    "expected": error(
        "Valeur inattendue.",
        "Unexpected value.",
        "Attendu : {expected}.",
        "Expected: {expected}.",
    ),
    "not-among": error(
        "« {value} » n’est pas une valeur possible.",
        "`{value}` is not a possible value.",
        "La plus proche : « {near} ». Possibles : {known}.",
        "Nearest: `{near}`. Possible: {known}.",
    ),
    "not-a-duration": error(
        "« {value} » n’est pas une durée.",
        "`{value}` is not a duration.",
        "Écrivez 45s, 30m, 4h, 3d, 2w ou 1h30m.",
        "Write 45s, 30m, 4h, 3d, 2w or 1h30m.",
    ),
    "not-a-date": error(
        "« {value} » n’est pas une date.",
        "`{value}` is not a date.",
        "Écrivez-la 2026-11-22.",
        "Write it 2026-11-22.",
    ),
    "bad-name": error(
        "« {name} » n’est pas un nom valable.",
        "`{name}` is not a valid name.",
        "Des minuscules sans accent, des chiffres et _, une lettre d’abord.",
        "Small letters, digits and _, a letter first.",
    ),
    "fields-expected": error(
        "Il faut des lignes « clé: valeur » ici.",
        "Lines of `key: value` are needed here.",
        "Décalez le contenu sous la clé.",
        "Indent the content below the key.",
    ),
    "list-expected": error(
        "Il faut une liste ici.",
        "A list is needed here.",
        "Écrivez [a, b] ou une ligne « - … » par élément.",
        "Write [a, b] or one `- …` line per item.",
    ),
    "text-needs-languages": error(
        "Ce texte n’a pas de langue.",
        "This text has no language.",
        "Écrivez deux lignes : « fr: … » et « en: … ».",
        "Write two lines: `fr: …` and `en: …`.",
    ),
    "translation-missing": error(
        "La traduction « {language} » manque.",
        "Translation `{language}` is missing.",
        "Ajoutez la ligne « {language}: … ».",
        "Add the line `{language}: …`.",
    ),
    "unknown-language": error(
        "« {key} » n’est pas une langue.",
        "`{key}` is not a language.",
        "Seules « fr » et « en » sont attendues.",
        "Only `fr` and `en` are expected.",
    ),
    "comma-in-text": error(
        "Une virgule a coupé ce texte entre accolades.",
        "A comma has cut this text inside braces.",
        "Mettez le texte entre guillemets, ou « fr » et « en » sur deux lignes.",
        "Quote the text, or put `fr` and `en` on two lines.",
    ),
    "text-too-long": error(
        "Texte de plus de {limit} caractères.",
        "Text of more than {limit} characters.",
        "Coupez-le en plusieurs points.",
        "Split it into several items.",
    ),
    "lone-brace": error(
        "Accolade seule dans un texte.",
        "A lone brace in a text.",
        "Écrivez {{{{ ou }}}} pour une accolade, {{nom}} pour une variable.",
        "Write {{{{ or }}}} for a brace, {{name}} for a variable.",
    ),
    "step-expected": error(
        "« {key} » doit être une étape.",
        "`{key}` must be a step.",
        "Décalez dessous « task: », « do: », « if: »…",
        "Indent `task:`, `do:`, `if:`… below it.",
    ),
    "kind-missing": error(
        "L’étape « {key} » ne dit pas ce qu’elle est.",
        "Step `{key}` does not say what it is.",
        "Donnez-lui l’une de ces clés : {kinds}.",
        "Give it one of these keys: {kinds}.",
    ),
    "block-expected": error(
        "Il faut au moins une étape ici.",
        "At least one step is needed here.",
        "Écrivez « nom: » et, décalée dessous, une étape.",
        "Write `name:` and a step indented below it.",
    ),
    "route-expected": error(
        "Il faut une route ici.",
        "A route is needed here.",
        "« next », « end », une branche, une étape plus bas, ou un bloc d’étapes.",
        "`next`, `end`, a branch, a step further down, or a block of steps.",
    ),
    "wait-for-what": error(
        "On ne sait pas ce qui est attendu.",
        "It is not said what is waited for.",
        "Donnez une durée, ou l’un de « until » et « signal ».",
        "Give a duration, or one of `until` and `signal`.",
    ),
}
