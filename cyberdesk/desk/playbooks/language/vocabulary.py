"""Words with a fixed meaning: roles, phases, CACAO vocabularies, facts of a case."""

# What a playbook is called until its author gives it a name.
TEMPLATE_NAME = "my_playbook"

# Role → the CACAO agent type that stands for it (CACAO 2.0 §7.2), and its name.
ROLES = {
    "commune": ("organization", {"fr": "La commune", "en": "The municipality"}),
    "provider": ("organization", {"fr": "Le prestataire informatique", "en": "The IT provider"}),
    "responder": ("group", {"fr": "L’équipe de réponse", "en": "The response team"}),
    "lead": ("individual", {"fr": "Le responsable de l’équipe", "en": "The team lead"}),
    "mayor": ("individual", {"fr": "Le maire", "en": "The mayor"}),
    "dpo": ("individual", {"fr": "Le délégué (DPO)", "en": "The data protection officer"}),
}

# Phase → the CACAO activity of its steps when none is given (CACAO 2.0 §3.1.2).
PHASES = {
    "qualify": "analyze-collected-data",
    "contain": "restrict-access",
    "eradicate": "eliminate-risk",
    "recover": "restore-capabilities",
    "notify": "deliver-content",
    "learn": "analyze-engagement-results",
}
DEFAULT_ACTIVITY = "step-sequence"

PURPOSES = (
    "attack",
    "detection",
    "engagement",
    "investigation",
    "mitigation",
    "notification",
    "prevention",
    "remediation",
)
ACTIVITIES = (
    "compose-content",
    "deliver-content",
    "identify-audience",
    "identify-channel",
    "scan-system",
    "match-indicator",
    "analyze-collected-data",
    "identify-indicators",
    "scan-vulnerabilities",
    "configure-systems",
    "restrict-access",
    "disconnect-system",
    "eliminate-risk",
    "revert-system",
    "restore-data",
    "restore-capabilities",
    "map-network",
    "identify-steps",
    "step-sequence",
    "prepare-engagement",
    "execute-operation",
    "analyze-engagement-results",
)
SEVERITIES = ("low", "medium", "high", "critical")

# The marking objects that OASIS publishes for TLP 2.0 (CACAO 2.0 §10.6).
TLP = {
    "TLP:CLEAR": "marking-tlp--94868c89-83c2-464b-929b-a1a8aa3c8487",
    "TLP:GREEN": "marking-tlp--bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
    "TLP:AMBER": "marking-tlp--55d920b0-5e8b-4f79-9ee9-91f868d9b421",
    "TLP:AMBER+STRICT": "marking-tlp--939a9414-2ddd-4d32-a0cd-375ea402b003",
    "TLP:RED": "marking-tlp--e828b379-4e03-4974-9ac4-e53a884c97c1",
}
OASIS_IDENTITY = "identity--5abe695c-7bd5-4c31-8824-2528696cdbf1"

FACTS = frozenset(
    {
        "case.reference",
        "case.organisation",
        "case.type",
        "case.severity",
        "case.it_staff",
        "case.provider",
        "case.insured",
        "case.offence",
        "case.personal_data",
        "case.aware_at",
        "case.declared_at",
        "case.exercise",
    }
)

# Outcomes that need no declaration.
OUTCOMES = {
    "done": {"fr": "Traité", "en": "Handled"},
    "false_alarm": {"fr": "Fausse alerte", "en": "False alarm"},
    "handed_over": {"fr": "Transmis", "en": "Handed over"},
}

# Variables that every playbook has: what the last failure said.
BUILT_IN = {"failure": "string"}
