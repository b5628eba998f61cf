"""What is spoken of: variables, sources, actions."""

from cyberdesk.desk.playbooks.language.messages.message import error, warning

MEANING = {
    "undefined-variable": error(
        "Variable inconnue « {variable} ».",
        "Unknown variable `{variable}`.",
        "Déclarez-la sous « variables » ou « ask » (la plus proche : « {near} »).",
        "Declare it under `variables` or `ask` (nearest: `{near}`).",
    ),
    "reserved-name": error(
        "Le nom « {name} » est réservé.",
        "The name `{name}` is reserved.",
        "Choisissez-en un autre.",
        "Choose another.",
    ),
    "unknown-fact": warning(
        "Aucun dossier connu ne dit « {fact} » ; ce sera inconnu.",
        "No case is known to tell `{fact}`; it will be unknown.",
        "Possibles : {known}, et ce que dit le volet.",
        "Possible: {known}, and what the strand tells.",
    ),
    "bad-value": error(
        "La valeur « {value} » n’est pas du type déclaré.",
        "Value `{value}` is not of the declared type.",
        "Attendu : {expected}.",
        "Expected: {expected}.",
    ),
    "ask-needs-type": error(
        "La question « {variable} » n’a pas de type.",
        "Question `{variable}` has no type.",
        "Ajoutez « type: … » ici ou sous « variables ».",
        "Add `type: …` here or under `variables`.",
    ),
    "choices-missing": error(
        "La question « {variable} » n’a pas de choix.",
        "Question `{variable}` has no choices.",
        "Ajoutez « choices: » avec leurs textes.",
        "Add `choices:` with their texts.",
    ),
    "type-conflict": error(
        "« {variable} » est {first} ailleurs et {second} ici.",
        "`{variable}` is {first} elsewhere and {second} here.",
        "Gardez un seul type.",
        "Keep one type.",
    ),
    "not-writable": error(
        "« {variable} » est constante ou donnée par le dossier.",
        "`{variable}` is constant or told by the case.",
        "Écrivez dans une autre variable.",
        "Write to another variable.",
    ),
    "template-name": error(
        "Ce playbook porte encore le nom du modèle.",
        "This playbook still has the name of the template.",
        "Donnez-lui un nom à lui : on ne le change plus une fois publié.",
        "Give it a name of its own: it stays once it is published.",
    ),
    "not-askable": error(
        "« {variable} » ne peut pas être demandée : elle est constante, donnée par le dossier, ou "
        "un dictionnaire.",
        "`{variable}` cannot be asked for: it is constant, told by the case, or a dictionary.",
        "Retirez « ask: », ou bien « constant: » ou « from: ».",
        "Remove `ask:`, or else `constant:` or `from:`.",
    ),
    "no-it-needs-variable": error(
        "« no_it » a besoin de la variable « it_staff ».",
        "`no_it` needs the variable `it_staff`.",
        "Déclarez « it_staff: {{type: bool, from: case.it_staff}} ».",
        "Declare `it_staff: {{type: bool, from: case.it_staff}}`.",
    ),
    "no-source": error(
        "Aucune source.",
        "No source.",
        "Ajoutez « sources: » avec titre, adresse et « verified_on ».",
        "Add `sources:` with title, address and `verified_on`.",
    ),
    "modified-before-created": error(
        "« modified » précède « created ».",
        "`modified` is before `created`.",
        "Corrigez l’une des dates.",
        "Correct one of the dates.",
    ),
    "no-exception": warning(
        "Aucun bloc « exception ».",
        "No `exception` block.",
        "Dites qui reprend le dossier si une étape échoue sans issue.",
        "Say who takes over when a step fails without a way out.",
    ),
    "unknown-action": error(
        "Aucun connecteur installé n’offre « {action} ».",
        "No installed connector offers `{action}`.",
        "Installez-le, ou écrivez une tâche. Offertes : {known}.",
        "Install it, or write a task. Offered: {known}.",
    ),
}
