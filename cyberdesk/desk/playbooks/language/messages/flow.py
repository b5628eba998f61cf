"""Where steps lead and how they hang together."""

from cyberdesk.desk.playbooks.language.messages.message import error

FLOW = {
    "unknown-role": error(
        "Rôle inconnu « {value} ».",
        "Unknown role `{value}`.",
        "Possibles : {known}.",
        "Possible: {known}.",
    ),
    "duplicate-step": error(
        "L’étape « {key} » existe déjà ligne {first}.",
        "Step `{key}` already stands on line {first}.",
        "Donnez-lui un autre nom.",
        "Give it another name.",
    ),
    "unknown-route": error(
        "« {to} » ne mène nulle part.",
        "`{to}` leads nowhere.",
        "Nommez une branche, une étape plus bas dans le même bloc, « next » ou « end ».",
        "Name a branch, a step further down in the same block, `next` or `end`.",
    ),
    "jump-not-ahead": error(
        "On ne peut pas sauter à « {to} » d’ici.",
        "`{to}` cannot be jumped to from here.",
        "On ne saute que plus bas, dans le même bloc ; pour recommencer, utilisez « while ».",
        "Jumps go further down, in the same block; to do again, use `while`.",
    ),
    "branch-loop": error(
        "La branche « {to} » s’appelle elle-même.",
        "Branch `{to}` calls itself.",
        "Pour recommencer, utilisez « while ».",
        "To do again, use `while`.",
    ),
    "step-of-nothing": error(
        "« {{step}} » ne désigne aucune étape ici.",
        "`{{step}}` names no step here.",
        "Il se dit dans une branche, en français et en anglais : c’est l’étape qu’elle remplace.",
        "It is said in a branch, in French and in English: the step that it stands in for.",
    ),
    "end-in-strand": error(
        "« end » dans un brin parallèle arrêterait tout le playbook.",
        "`end` in a strand would end the whole playbook.",
        "Retirez-le pour finir le brin, ou écrivez une étape « end: issue ».",
        "Leave it out to end the strand, or write a step `end: outcome`.",
    ),
    "one-strand": error(
        "Il faut au moins deux brins en parallèle.",
        "At least two strands are needed.",
        "Sortez ces étapes du « parallel ».",
        "Take these steps out of `parallel`.",
    ),
    "breach-without-within": error(
        "« breach » sans délai.",
        "`breach` without a deadline.",
        "Ajoutez « within: … ».",
        "Add `within: …`.",
    ),
    "since-without-within": error(
        "« since » sans délai.",
        "`since` without a deadline.",
        "Ajoutez « within: … ».",
        "Add `within: …`.",
    ),
    "on-timeout-without-timeout": error(
        "« on_timeout » sans « timeout ».",
        "`on_timeout` without `timeout`.",
        "Ajoutez « timeout: … ».",
        "Add `timeout: …`.",
    ),
    "unknown-outcome": error(
        "Issue inconnue « {outcome} ».",
        "Unknown outcome `{outcome}`.",
        "Déclarez-la sous « outcomes » ; connues : {known}.",
        "Declare it under `outcomes`; known: {known}.",
    ),
    "unknown-case": error(
        "« {case} » n’est pas un choix de cette variable.",
        "`{case}` is not a choice of this variable.",
        "Possibles : {known}.",
        "Possible: {known}.",
    ),
    "playbook-unknown": error(
        "Le playbook « {name} » n’est pas publié.",
        "Playbook `{name}` is not published.",
        "Publiez-le d’abord, ou vérifiez sans oublier son fichier.",
        "Publish it first, or lint its file together with this one.",
    ),
    "playbook-loop": error(
        "Des playbooks s’appellent en rond : {names}.",
        "Playbooks call each other in a circle: {names}.",
        "Retirez l’un des appels.",
        "Remove one of the calls.",
    ),
}
