"""The sentences of the findings: what is wrong, and how to mend it, in French and English."""

from dataclasses import dataclass

Both = dict[str, str]


@dataclass(frozen=True, slots=True)
class Message:
    severity: str
    what: Both
    mend: Both


def _error(fr: str, en: str, mend_fr: str, mend_en: str) -> Message:
    return Message("error", {"fr": fr, "en": en}, {"fr": mend_fr, "en": mend_en})


def _warning(fr: str, en: str, mend_fr: str, mend_en: str) -> Message:
    return Message("warning", {"fr": fr, "en": en}, {"fr": mend_fr, "en": mend_en})


_FILE = {
    "not-yaml": _error(
        "Ce n’est pas du YAML : {problem}.",
        "This is not YAML: {problem}.",
        "Vérifiez l’indentation et les guillemets à cet endroit.",
        "Check indentation and quotes here.",
    ),
    "not-utf8": _error(
        "Le fichier n’est pas en UTF-8.",
        "The file is not UTF-8.",
        "Enregistrez-le en UTF-8.",
        "Save it as UTF-8.",
    ),
    "empty": _error(
        "Le fichier est vide.",
        "The file is empty.",
        "Commencez par « playbook: nom ».",
        "Begin with `playbook: name`.",
    ),
    "several-documents": _error(
        "Le fichier contient plusieurs documents YAML.",
        "The file holds several YAML documents.",
        "Mettez chaque playbook dans son fichier.",
        "Put each playbook in its own file.",
    ),
    "too-large": _error(
        "Le fichier dépasse {limit} octets.",
        "The file exceeds {limit} bytes.",
        "Découpez-le en sous-playbooks.",
        "Split it into sub-playbooks.",
    ),
    "too-many-nodes": _error(
        "Plus de {limit} éléments, alias compris.",
        "More than {limit} nodes, aliases counted.",
        "Découpez-le en sous-playbooks.",
        "Split it into sub-playbooks.",
    ),
    "too-deep": _error(
        "Plus de {limit} niveaux d’imbrication.",
        "More than {limit} levels of nesting.",
        "Sortez des étapes dans « branches ».",
        "Move steps to `branches`.",
    ),
    "too-many-aliases": _error(
        "Plus de {limit} alias.",
        "More than {limit} aliases.",
        "Écrivez le texte là où il sert.",
        "Write the text where it is used.",
    ),
    "too-many-steps": _error(
        "Plus de {limit} étapes, branches dépliées.",
        "More than {limit} steps once branches are unfolded.",
        "Découpez-le en sous-playbooks.",
        "Split it into sub-playbooks.",
    ),
    "alias-unknown": _error(
        "L’alias *{anchor} n’a pas d’ancre au-dessus.",
        "Alias *{anchor} has no anchor above.",
        "Définissez &{anchor} plus haut.",
        "Define &{anchor} further up.",
    ),
    "tag": _error(
        "Étiquette YAML {tag} refusée.",
        "YAML tag {tag} is refused.",
        "Supprimez-la : un playbook ne contient que des données.",
        "Remove it: a playbook is data only.",
    ),
    "odd-key": _error(
        "Une clé n’est pas un mot simple.",
        "A key is not a plain word.",
        "Écrivez « clé: valeur ».",
        "Write `key: value`.",
    ),
    "duplicate-key": _error(
        "La clé « {key} » est déjà écrite ligne {first}.",
        "Key `{key}` already stands on line {first}.",
        "Gardez-en une seule.",
        "Keep one of them.",
    ),
    "hidden-character": _error(
        "Caractère invisible {sign}.",
        "Invisible character {sign}.",
        "Effacez-le : il cache ou inverse ce qu’on lit.",
        "Delete it: it hides or reorders what is read.",
    ),
}

_SHAPE = {
    "unknown-key": _error(
        "Clé inconnue « {key} ».",
        "Unknown key `{key}`.",
        "La plus proche : « {near} ». Possibles : {known}.",
        "Nearest: `{near}`. Possible: {known}.",
    ),
    "missing-key": _error(
        "Il manque « {key} ».",
        "`{key}` is missing.",
        "Ajoutez « {key}: … ».",
        "Add `{key}: …`.",
    ),
    "expected": _error(
        "Valeur inattendue.",
        "Unexpected value.",
        "Attendu : {expected}.",
        "Expected: {expected}.",
    ),
    "not-among": _error(
        "« {value} » n’est pas une valeur possible.",
        "`{value}` is not a possible value.",
        "La plus proche : « {near} ». Possibles : {known}.",
        "Nearest: `{near}`. Possible: {known}.",
    ),
    "not-a-duration": _error(
        "« {value} » n’est pas une durée.",
        "`{value}` is not a duration.",
        "Écrivez 45s, 30m, 4h, 3d, 2w ou 1h30m.",
        "Write 45s, 30m, 4h, 3d, 2w or 1h30m.",
    ),
    "not-a-date": _error(
        "« {value} » n’est pas une date.",
        "`{value}` is not a date.",
        "Écrivez-la 2026-11-22.",
        "Write it 2026-11-22.",
    ),
    "bad-name": _error(
        "« {name} » n’est pas un nom valable.",
        "`{name}` is not a valid name.",
        "Des minuscules sans accent, des chiffres et _, une lettre d’abord.",
        "Small letters, digits and _, a letter first.",
    ),
    "fields-expected": _error(
        "Il faut des lignes « clé: valeur » ici.",
        "Lines of `key: value` are needed here.",
        "Décalez le contenu sous la clé.",
        "Indent the content below the key.",
    ),
    "list-expected": _error(
        "Il faut une liste ici.",
        "A list is needed here.",
        "Écrivez [a, b] ou une ligne « - … » par élément.",
        "Write [a, b] or one `- …` line per item.",
    ),
    "text-needs-languages": _error(
        "Ce texte n’a pas de langue.",
        "This text has no language.",
        "Écrivez deux lignes : « fr: … » et « en: … ».",
        "Write two lines: `fr: …` and `en: …`.",
    ),
    "translation-missing": _error(
        "La traduction « {language} » manque.",
        "Translation `{language}` is missing.",
        "Ajoutez la ligne « {language}: … ».",
        "Add the line `{language}: …`.",
    ),
    "unknown-language": _error(
        "« {key} » n’est pas une langue.",
        "`{key}` is not a language.",
        "Seules « fr » et « en » sont attendues.",
        "Only `fr` and `en` are expected.",
    ),
    "comma-in-text": _error(
        "Une virgule a coupé ce texte entre accolades.",
        "A comma has cut this text inside braces.",
        "Mettez le texte entre guillemets, ou « fr » et « en » sur deux lignes.",
        "Quote the text, or put `fr` and `en` on two lines.",
    ),
    "text-too-long": _error(
        "Texte de plus de {limit} caractères.",
        "Text of more than {limit} characters.",
        "Coupez-le en plusieurs points.",
        "Split it into several items.",
    ),
    "lone-brace": _error(
        "Accolade seule dans un texte.",
        "A lone brace in a text.",
        "Écrivez {{{{ ou }}}} pour une accolade, {{nom}} pour une variable.",
        "Write {{{{ or }}}} for a brace, {{name}} for a variable.",
    ),
    "step-expected": _error(
        "« {key} » doit être une étape.",
        "`{key}` must be a step.",
        "Décalez dessous « task: », « do: », « if: »…",
        "Indent `task:`, `do:`, `if:`… below it.",
    ),
    "kind-missing": _error(
        "L’étape « {key} » ne dit pas ce qu’elle est.",
        "Step `{key}` does not say what it is.",
        "Donnez-lui l’une de ces clés : {kinds}.",
        "Give it one of these keys: {kinds}.",
    ),
    "block-expected": _error(
        "Il faut au moins une étape ici.",
        "At least one step is needed here.",
        "Écrivez « nom: » et, décalée dessous, une étape.",
        "Write `name:` and a step indented below it.",
    ),
    "route-expected": _error(
        "Il faut une route ici.",
        "A route is needed here.",
        "« next », « end », une branche, une étape plus bas, ou un bloc d’étapes.",
        "`next`, `end`, a branch, a step further down, or a block of steps.",
    ),
    "wait-for-what": _error(
        "On ne sait pas ce qui est attendu.",
        "It is not said what is waited for.",
        "Donnez une durée, ou l’un de « until » et « signal ».",
        "Give a duration, or one of `until` and `signal`.",
    ),
}

_FLOW = {
    "unknown-role": _error(
        "Rôle inconnu « {value} ».",
        "Unknown role `{value}`.",
        "Possibles : {known}.",
        "Possible: {known}.",
    ),
    "duplicate-step": _error(
        "L’étape « {key} » existe déjà ligne {first}.",
        "Step `{key}` already stands on line {first}.",
        "Donnez-lui un autre nom.",
        "Give it another name.",
    ),
    "unknown-route": _error(
        "« {to} » ne mène nulle part.",
        "`{to}` leads nowhere.",
        "Nommez une branche, une étape plus bas dans le même bloc, « next » ou « end ».",
        "Name a branch, a step further down in the same block, `next` or `end`.",
    ),
    "jump-not-ahead": _error(
        "On ne peut pas sauter à « {to} » d’ici.",
        "`{to}` cannot be jumped to from here.",
        "On ne saute que plus bas, dans le même bloc ; pour recommencer, utilisez « while ».",
        "Jumps go further down, in the same block; to do again, use `while`.",
    ),
    "branch-loop": _error(
        "La branche « {to} » s’appelle elle-même.",
        "Branch `{to}` calls itself.",
        "Pour recommencer, utilisez « while ».",
        "To do again, use `while`.",
    ),
    "step-of-nothing": _error(
        "« {{step}} » ne désigne aucune étape ici.",
        "`{{step}}` names no step here.",
        "Il se dit dans une branche, en français et en anglais : c’est l’étape qu’elle remplace.",
        "It is said in a branch, in French and in English: the step that it stands in for.",
    ),
    "end-in-strand": _error(
        "« end » dans un brin parallèle arrêterait tout le playbook.",
        "`end` in a strand would end the whole playbook.",
        "Retirez-le pour finir le brin, ou écrivez une étape « end: issue ».",
        "Leave it out to end the strand, or write a step `end: outcome`.",
    ),
    "one-strand": _error(
        "Il faut au moins deux brins en parallèle.",
        "At least two strands are needed.",
        "Sortez ces étapes du « parallel ».",
        "Take these steps out of `parallel`.",
    ),
    "breach-without-within": _error(
        "« breach » sans délai.",
        "`breach` without a deadline.",
        "Ajoutez « within: … ».",
        "Add `within: …`.",
    ),
    "since-without-within": _error(
        "« since » sans délai.",
        "`since` without a deadline.",
        "Ajoutez « within: … ».",
        "Add `within: …`.",
    ),
    "on-timeout-without-timeout": _error(
        "« on_timeout » sans « timeout ».",
        "`on_timeout` without `timeout`.",
        "Ajoutez « timeout: … ».",
        "Add `timeout: …`.",
    ),
    "unknown-outcome": _error(
        "Issue inconnue « {outcome} ».",
        "Unknown outcome `{outcome}`.",
        "Déclarez-la sous « outcomes » ; connues : {known}.",
        "Declare it under `outcomes`; known: {known}.",
    ),
    "unknown-case": _error(
        "« {case} » n’est pas un choix de cette variable.",
        "`{case}` is not a choice of this variable.",
        "Possibles : {known}.",
        "Possible: {known}.",
    ),
    "playbook-unknown": _error(
        "Le playbook « {name} » n’est pas publié.",
        "Playbook `{name}` is not published.",
        "Publiez-le d’abord, ou vérifiez sans oublier son fichier.",
        "Publish it first, or lint its file together with this one.",
    ),
    "playbook-loop": _error(
        "Des playbooks s’appellent en rond : {names}.",
        "Playbooks call each other in a circle: {names}.",
        "Retirez l’un des appels.",
        "Remove one of the calls.",
    ),
}

_MEANING = {
    "undefined-variable": _error(
        "Variable inconnue « {variable} ».",
        "Unknown variable `{variable}`.",
        "Déclarez-la sous « variables » ou « ask » (la plus proche : « {near} »).",
        "Declare it under `variables` or `ask` (nearest: `{near}`).",
    ),
    "reserved-name": _error(
        "Le nom « {name} » est réservé.",
        "The name `{name}` is reserved.",
        "Choisissez-en un autre.",
        "Choose another.",
    ),
    "unknown-fact": _warning(
        "Aucun dossier connu ne dit « {fact} » ; ce sera inconnu.",
        "No case is known to tell `{fact}`; it will be unknown.",
        "Possibles : {known}, et ce que dit le volet.",
        "Possible: {known}, and what the strand tells.",
    ),
    "bad-value": _error(
        "La valeur « {value} » n’est pas du type déclaré.",
        "Value `{value}` is not of the declared type.",
        "Attendu : {expected}.",
        "Expected: {expected}.",
    ),
    "ask-needs-type": _error(
        "La question « {variable} » n’a pas de type.",
        "Question `{variable}` has no type.",
        "Ajoutez « type: … » ici ou sous « variables ».",
        "Add `type: …` here or under `variables`.",
    ),
    "choices-missing": _error(
        "La question « {variable} » n’a pas de choix.",
        "Question `{variable}` has no choices.",
        "Ajoutez « choices: » avec leurs textes.",
        "Add `choices:` with their texts.",
    ),
    "type-conflict": _error(
        "« {variable} » est {first} ailleurs et {second} ici.",
        "`{variable}` is {first} elsewhere and {second} here.",
        "Gardez un seul type.",
        "Keep one type.",
    ),
    "not-writable": _error(
        "« {variable} » est constante ou donnée par le dossier.",
        "`{variable}` is constant or told by the case.",
        "Écrivez dans une autre variable.",
        "Write to another variable.",
    ),
    "no-it-needs-variable": _error(
        "« no_it » a besoin de la variable « it_staff ».",
        "`no_it` needs the variable `it_staff`.",
        "Déclarez « it_staff: {{type: bool, from: case.it_staff}} ».",
        "Declare `it_staff: {{type: bool, from: case.it_staff}}`.",
    ),
    "no-source": _error(
        "Aucune source.",
        "No source.",
        "Ajoutez « sources: » avec titre, adresse et « verified_on ».",
        "Add `sources:` with title, address and `verified_on`.",
    ),
    "modified-before-created": _error(
        "« modified » précède « created ».",
        "`modified` is before `created`.",
        "Corrigez l’une des dates.",
        "Correct one of the dates.",
    ),
    "no-exception": _warning(
        "Aucun bloc « exception ».",
        "No `exception` block.",
        "Dites qui reprend le dossier si une étape échoue sans issue.",
        "Say who takes over when a step fails without a way out.",
    ),
    "unknown-action": _error(
        "Aucun connecteur installé n’offre « {action} ».",
        "No installed connector offers `{action}`.",
        "Installez-le, ou écrivez une tâche. Offertes : {known}.",
        "Install it, or write a task. Offered: {known}.",
    ),
}

_CONDITION = {
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
_CONDITION_MEND = (
    "Exemple : hosts > 5 or vector in ('mail', 'vpn').",
    "Example: hosts > 5 or vector in ('mail', 'vpn').",
)

_GRAPH = {
    "dangling": _error(
        "L’étape « {key} » mène à une étape absente : {to}.",
        "Step `{key}` leads to a step that is absent: {to}.",
        "Corrigez la route.",
        "Correct the route.",
    ),
    "unreachable": _error(
        "Rien ne mène à l’étape « {key} ».",
        "Nothing leads to step `{key}`.",
        "Supprimez-la, ou menez-y.",
        "Remove it, or lead to it.",
    ),
    "cycle": _error(
        "L’étape « {key} » revient sur elle-même.",
        "Step `{key}` leads back to itself.",
        "Pour recommencer, utilisez « while ».",
        "To do again, use `while`.",
    ),
    "no-end": _error(
        "De l’étape « {key} », aucun chemin n’atteint une fin.",
        "From step `{key}` no path reaches an end.",
        "Donnez-lui une suite.",
        "Give it a successor.",
    ),
    "no-start": _error(
        "Le playbook n’a pas d’étape de départ.",
        "The playbook has no start step.",
        "« workflow_start » doit désigner une étape « start ».",
        "`workflow_start` must name a `start` step.",
    ),
    "not-cacao": _error(
        "Ce n’est pas un playbook CACAO 2.0 : {problem}.",
        "This is not a CACAO 2.0 playbook: {problem}.",
        "Exportez-le à nouveau en CACAO 2.0.",
        "Export it again as CACAO 2.0.",
    ),
    "unknown-agent": _error(
        "L’étape « {key} » nomme un agent qui n’est pas défini.",
        "Step `{key}` names an agent that is not defined.",
        "Ajoutez-le à « agent_definitions ».",
        "Add it to `agent_definitions`.",
    ),
    "unread-condition": _warning(
        "La condition de « {key} » n’est pas comprise ; une personne décidera.",
        "The condition of `{key}` is not understood; a person will decide.",
        "Récrivez-la comme comparaison STIX.",
        "Rewrite it as a STIX comparison.",
    ),
    "unread-command": _warning(
        "La commande de « {key} » ({type}) n’est pas comprise ; une personne la fera.",
        "The command of `{key}` ({type}) is not understood; a person will do it.",
        "Remplacez-la par l’action d’un connecteur.",
        "Replace it with a connector's action.",
    ),
}

MESSAGES = {
    **_FILE,
    **_SHAPE,
    **_FLOW,
    **_MEANING,
    **_GRAPH,
    **{
        f"condition-{code}": _error(fr, en, *_CONDITION_MEND)
        for code, (fr, en) in _CONDITION.items()
    },
}
