"""The text as a whole: encoding, size, YAML itself."""

from cyberdesk.desk.playbooks.language.messages.message import error

FILE = {
    "not-yaml": error(
        "Ce n’est pas du YAML : {problem}.",
        "This is not YAML: {problem}.",
        "Vérifiez l’indentation et les guillemets à cet endroit.",
        "Check indentation and quotes here.",
    ),
    "not-utf8": error(
        "Le fichier n’est pas en UTF-8.",
        "The file is not UTF-8.",
        "Enregistrez-le en UTF-8.",
        "Save it as UTF-8.",
    ),
    "empty": error(
        "Le fichier est vide.",
        "The file is empty.",
        "Commencez par « playbook: nom ».",
        "Begin with `playbook: name`.",
    ),
    "not-a-playbook": error(
        "Ce fichier n’est pas un playbook.",
        "This file is not a playbook.",
        "Il faut du CACAO 2.0 (JSON ou YAML), ou un YAML qui commence par « playbook: nom ».",
        "CACAO 2.0 (JSON or YAML) is needed, or YAML that begins with `playbook: name`.",
    ),
    "several-documents": error(
        "Le fichier contient plusieurs documents YAML.",
        "The file holds several YAML documents.",
        "Mettez chaque playbook dans son fichier.",
        "Put each playbook in its own file.",
    ),
    "too-large": error(
        "Le fichier dépasse {limit} octets.",
        "The file exceeds {limit} bytes.",
        "Découpez-le en sous-playbooks.",
        "Split it into sub-playbooks.",
    ),
    "too-many-nodes": error(
        "Plus de {limit} éléments, alias compris.",
        "More than {limit} nodes, aliases counted.",
        "Découpez-le en sous-playbooks.",
        "Split it into sub-playbooks.",
    ),
    "too-deep": error(
        "Plus de {limit} niveaux d’imbrication.",
        "More than {limit} levels of nesting.",
        "Sortez des étapes dans « branches ».",
        "Move steps to `branches`.",
    ),
    "too-many-aliases": error(
        "Plus de {limit} alias.",
        "More than {limit} aliases.",
        "Écrivez le texte là où il sert.",
        "Write the text where it is used.",
    ),
    "too-many-steps": error(
        "Plus de {limit} étapes, branches dépliées.",
        "More than {limit} steps once branches are unfolded.",
        "Découpez-le en sous-playbooks.",
        "Split it into sub-playbooks.",
    ),
    "alias-unknown": error(
        "L’alias *{anchor} n’a pas d’ancre au-dessus.",
        "Alias *{anchor} has no anchor above.",
        "Définissez &{anchor} plus haut.",
        "Define &{anchor} further up.",
    ),
    "tag": error(
        "Étiquette YAML {tag} refusée.",
        "YAML tag {tag} is refused.",
        "Supprimez-la : un playbook ne contient que des données.",
        "Remove it: a playbook is data only.",
    ),
    "odd-key": error(
        "Une clé n’est pas un mot simple.",
        "A key is not a plain word.",
        "Écrivez « clé: valeur ».",
        "Write `key: value`.",
    ),
    "duplicate-key": error(
        "La clé « {key} » est déjà écrite ligne {first}.",
        "Key `{key}` already stands on line {first}.",
        "Gardez-en une seule.",
        "Keep one of them.",
    ),
    "hidden-character": error(
        "Caractère invisible {sign}.",
        "Invisible character {sign}.",
        "Effacez-le : il cache ou inverse ce qu’on lit.",
        "Delete it: it hides or reorders what is read.",
    ),
}
