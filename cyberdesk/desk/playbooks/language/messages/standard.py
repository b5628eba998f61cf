"""What a playbook written in CACAO's own words gets wrong of the standard."""

from cyberdesk.desk.playbooks.language.messages.message import error, warning

STANDARD = {
    "not-json": error(
        "Ce n’est pas du JSON : {problem}.",
        "This is not JSON: {problem}.",
        "Exportez le fichier à nouveau, ou corrigez-le à cet endroit.",
        "Export the file again, or mend it here.",
    ),
    "lone-surrogate": error(
        "Un caractère coupé en deux (demi-codet Unicode).",
        "Half a character (a lone Unicode surrogate).",
        "Écrivez le caractère entier.",
        "Write the whole character.",
    ),
    "number-not-exact": error(
        "Le nombre {value} n’a pas de forme exacte en JSON.",
        "The number {value} has no exact form in JSON.",
        "Écrivez-le entre guillemets.",
        "Write it as a string.",
    ),
    "cacao-version": error(
        "Ce playbook est écrit en {version} ; seul cacao-2.0 est lu.",
        "This playbook is written in {version}; only cacao-2.0 is read.",
        "Convertissez-le avec l’outil qui l’a fait : le modèle a changé entre les versions.",
        "Convert it with the tool that made it: the model changed between versions.",
    ),
    "cacao-kind": error(
        "« {key} » : {expected} attendu.",
        "`{key}`: {expected} expected.",
        "Écrivez-le comme CACAO 2.0 {clause} le demande.",
        "Write it as CACAO 2.0 {clause} asks.",
    ),
    "cacao-missing": error(
        "Il manque « {key} » ({of}).",
        "`{key}` is missing ({of}).",
        "CACAO 2.0 {clause} l’exige : ajoutez-le.",
        "CACAO 2.0 {clause} requires it: add it.",
    ),
    "cacao-unheard": warning(
        "CACAO 2.0 ne connaît pas « {key} » ici ({of}) ; c’est gardé tel quel.",
        "CACAO 2.0 knows no `{key}` here ({of}); it is kept as it is.",
        "Si d’autres doivent le comprendre, mettez-le dans une extension (§8).",
        "If others are to understand it, put it into an extension (§8).",
    ),
    "cacao-both": error(
        "« on_completion » exclut « on_success » et « on_failure ».",
        "`on_completion` excludes `on_success` and `on_failure`.",
        "Gardez l’un ou les autres (CACAO 2.0 §4.1).",
        "Keep the one or the others (CACAO 2.0 §4.1).",
    ),
    "cacao-next": error(
        "Cette étape ne dit pas ce qui la suit.",
        "This step does not say what follows it.",
        "Ajoutez « on_completion », ou « on_success » (CACAO 2.0 §4.1).",
        "Add `on_completion`, or `on_success` (CACAO 2.0 §4.1).",
    ),
    "cacao-after": error(
        "Une étape {type} ne peut pas avoir « {key} ».",
        "A {type} step cannot have `{key}`.",
        "Retirez-le (CACAO 2.0 §4).",
        "Remove it (CACAO 2.0 §4).",
    ),
    "cacao-key-type": error(
        "L’identifiant de cette étape commence par {prefix}, mais elle est de type {type}.",
        "The identifier of this step begins with {prefix}, but its type is {type}.",
        "Accordez les deux, ici et là où l’étape est nommée.",
        "Make them agree, here and where the step is named.",
    ),
    "cacao-digits": warning(
        "L’instant {value} n’a pas exactement trois chiffres après la seconde.",
        "The instant {value} does not have exactly three digits after the second.",
        "Écrivez 2026-11-22T08:00:00.000Z (CACAO 2.0 §10).",
        "Write 2026-11-22T08:00:00.000Z (CACAO 2.0 §10).",
    ),
    "cacao-no-command": error(
        "La commande {type} est vide.",
        "The {type} command is empty.",
        "Donnez « command » ou « command_b64 » (CACAO 2.0 §5).",
        "Give `command` or `command_b64` (CACAO 2.0 §5).",
    ),
    "cacao-base64": error(
        "« {key} » n’est pas du base64.",
        "`{key}` is not base64.",
        "Encodez-le selon RFC 4648 §4.",
        "Encode it as in RFC 4648 §4.",
    ),
    "cacao-activities": warning(
        "« playbook_types » est donné sans « playbook_activities ».",
        "`playbook_types` is given without `playbook_activities`.",
        "Nommez au moins une activité (CACAO 2.0 §3.1).",
        "Name at least one activity (CACAO 2.0 §3.1).",
    ),
    "cacao-validity": error(
        "« valid_until » n’est pas après « valid_from ».",
        "`valid_until` is not after `valid_from`.",
        "Corrigez l’une des deux dates.",
        "Correct one of the two dates.",
    ),
    "cacao-over": warning(
        "Ce playbook n’est plus valable depuis {value}.",
        "This playbook has not been valid since {value}.",
        "Demandez-en une version récente à son auteur.",
        "Ask its author for a recent version.",
    ),
    "cacao-revoked": error(
        "Son auteur a révoqué ce playbook.",
        "Its author has revoked this playbook.",
        "Ne l’utilisez plus ; demandez par quoi il est remplacé.",
        "Do not use it any more; ask what replaces it.",
    ),
    "start-line": error(
        "« {line} » n’est pas une ligne de requête HTTP.",
        "`{line}` is not an HTTP request line.",
        "Écrivez : MÉTHODE /chemin HTTP/1.1, sur une ligne.",
        "Write: METHOD /path HTTP/1.1, on one line.",
    ),
    "undefined-target": error(
        "L’étape « {key} » nomme une cible qui n’est pas définie : {target}.",
        "Step `{key}` names a target that is not defined: {target}.",
        "Ajoutez-la à « target_definitions ».",
        "Add it to `target_definitions`.",
    ),
    "undefined-authentication": error(
        "{target} nomme un moyen d’accès qui n’est pas défini.",
        "{target} names authentication information that is not defined.",
        "Ajoutez-le à « authentication_info_definitions ».",
        "Add it to `authentication_info_definitions`.",
    ),
    "undefined-argument": error(
        "L’étape « {key} » parle d’une variable qui n’est pas déclarée : {variable}.",
        "Step `{key}` speaks of a variable that is not declared: {variable}.",
        "Déclarez-la dans « playbook_variables » ou « step_variables ».",
        "Declare it in `playbook_variables` or `step_variables`.",
    ),
    "constant-argument": error(
        "L’étape « {key} » écrit dans {variable}, qui est constante.",
        "Step `{key}` writes to {variable}, which is constant.",
        "Retirez « constant », ou écrivez ailleurs.",
        "Remove `constant`, or write elsewhere.",
    ),
    "shadowed-variable": warning(
        "{variable} de l’étape « {key} » cache celle du playbook.",
        "{variable} of step `{key}` hides the one of the playbook.",
        "Donnez-lui un autre nom (CACAO 2.0 §10.18).",
        "Give it another name (CACAO 2.0 §10.18).",
    ),
    "literal-secret": error(
        "Un secret est écrit en clair ({key}).",
        "A secret is written in the clear ({key}).",
        "Importez le fichier : le secret va dans le coffre, une référence prend sa place.",
        "Import the file: the secret goes into the store, a reference takes its place.",
    ),
    "secret-taken-out": warning(
        "Le secret de {key} a été retiré ; la référence {reference} prend sa place.",
        "The secret of {key} was taken out; the reference {reference} takes its place.",
        "Tenez-le pour connu de tous ceux qui ont eu le fichier : changez-le.",
        "Take it as known to all who had the file: change it.",
    ),
    "marking-unknown": error(
        "Le marquage {marking} n’est pas défini.",
        "The marking {marking} is not defined.",
        "Ajoutez-le à « data_marking_definitions ».",
        "Add it to `data_marking_definitions`.",
    ),
    "extension-unknown": warning(
        "L’extension {extension} n’est pas définie ; elle est gardée telle quelle.",
        "The extension {extension} is not defined; it is kept as it is.",
        "Ajoutez-la à « extension_definitions » (CACAO 2.0 §8).",
        "Add it to `extension_definitions` (CACAO 2.0 §8).",
    ),
}
