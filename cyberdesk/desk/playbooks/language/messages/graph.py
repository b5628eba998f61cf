"""What the gate sees in the finished playbook."""

from cyberdesk.desk.playbooks.language.messages.message import error, warning

GRAPH = {
    "dangling": error(
        "L’étape « {key} » mène à une étape absente : {to}.",
        "Step `{key}` leads to a step that is absent: {to}.",
        "Corrigez la route.",
        "Correct the route.",
    ),
    "unreachable": error(
        "Rien ne mène à l’étape « {key} ».",
        "Nothing leads to step `{key}`.",
        "Supprimez-la, ou menez-y.",
        "Remove it, or lead to it.",
    ),
    "cycle": error(
        "L’étape « {key} » revient sur elle-même.",
        "Step `{key}` leads back to itself.",
        "Pour recommencer, utilisez « while ».",
        "To do again, use `while`.",
    ),
    "no-end": error(
        "De l’étape « {key} », aucun chemin n’atteint une fin.",
        "From step `{key}` no path reaches an end.",
        "Donnez-lui une suite.",
        "Give it a successor.",
    ),
    "no-start": error(
        "Le playbook n’a pas d’étape de départ.",
        "The playbook has no start step.",
        "« workflow_start » doit désigner une étape « start ».",
        "`workflow_start` must name a `start` step.",
    ),
    "not-cacao": error(
        "Ce n’est pas un playbook CACAO 2.0 : {problem}.",
        "This is not a CACAO 2.0 playbook: {problem}.",
        "Exportez-le à nouveau en CACAO 2.0.",
        "Export it again as CACAO 2.0.",
    ),
    "unknown-agent": error(
        "L’étape « {key} » nomme un agent qui n’est pas défini.",
        "Step `{key}` names an agent that is not defined.",
        "Ajoutez-le à « agent_definitions ».",
        "Add it to `agent_definitions`.",
    ),
    "unread-condition": warning(
        "La condition de « {key} » n’est pas comprise ; une personne décidera.",
        "The condition of `{key}` is not understood; a person will decide.",
        "Récrivez-la comme comparaison STIX.",
        "Rewrite it as a STIX comparison.",
    ),
    "unread-command": warning(
        "La commande de « {key} » ({type}) n’est pas comprise ; une personne la fera.",
        "The command of `{key}` ({type}) is not understood; a person will do it.",
        "Remplacez-la par l’action d’un connecteur.",
        "Replace it with a connector's action.",
    ),
}
