"""The incident itself, its victim, its harm: Incident Core 2.0 §2.1 and §2.3."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from cyberdesk.core.db import session
from cyberdesk.core.text import _, bilingual
from cyberdesk.desk.cases.models import Case, CaseEnding
from cyberdesk.desk.cases.vocabulary import said, vocabulary_of
from cyberdesk.desk.intel.export.classes import DETERMINATIONS, INCIDENT_CORE
from cyberdesk.desk.intel.export.setting import LANGUAGE, Setting, refs
from cyberdesk.desk.intel.export.stripping import Stripped
from cyberdesk.desk.intel.facts import facts_of
from cyberdesk.desk.intel.making import Stix

# industry-sector-ov (STIX 2.1 §10.16), by the kind of organisation.
_SECTORS = {
    "commune": "government-local",
    "epci": "government-local",
    "departement": "government-local",
    "region": "government-regional",
    "state": "government-national",
    "lycee": "education",
    "association": "non-profit",
}
_DAMAGES = {
    "availability": "availability",
    "confidentiality": "confidentiality",
    "information": "confidentiality",
    "integrity": "integrity",
    "data-lost": "integrity",
    "monetary": "monetary",
    "external": "external",
    "physical": "physical",
}
_UNNAMED = {"government-local": "Collectivité territoriale", "education": "Établissement scolaire"}


def ending_of(case: Case) -> CaseEnding | None:
    """Return how a closed case ended."""
    wanted = select(CaseEnding).where(
        CaseEnding.case_id == case.id, CaseEnding.reopened_at.is_(None)
    )
    return session().scalar(wanted.order_by(CaseEnding.at.desc()).limit(1))


def victim(setting: Setting, stripped: list[Stripped]) -> Stix:
    """The victim: by name to those inside, as one of its kind to everybody else."""
    case = setting.case
    sector = _SECTORS.get(case.organisation.kind)
    name = case.organisation.name
    if setting.level.outside:
        stripped.append(Stripped(_("Name of the victim"), name, "victim"))
        name = _UNNAMED.get(sector or "", "Organisme public")
    return setting.make(
        "identity",
        "victim",
        case.opened_at,
        name=name,
        identity_class="organization",
        sectors=[sector] if sector else None,
    )


def impacts(setting: Setting, harmed: Stix) -> list[Stix]:
    """What was damaged, as it was found when the case was closed."""
    ending = ending_of(setting.case)
    if ending is None:
        return []
    words = vocabulary_of(setting.case.strand)
    by_category: dict[str, list[str]] = {}
    for code in ending.damages:
        category = _category(code)
        if category:
            by_category.setdefault(category, []).append(words.damage(code))
    return [
        setting.make(
            "impact",
            category,
            ending.at,
            impact_category=category,
            criticality=setting.case.severity,
            description=" ; ".join(told),
            impacted_refs=[harmed["id"]],
            **setting.when(setting.case.opened_at),
        )
        for category, told in sorted(by_category.items())
    ]


def _category(code: str) -> str | None:
    """Return the impact category of a damage, which is kept as `dimension/value`."""
    side, _slash, value = code.partition("/")
    return None if value == "none" else _DAMAGES.get(side) or _DAMAGES.get(value)


def incident(
    setting: Setting,
    *,
    events: Sequence[Stix],
    tasks: Sequence[Stix],
    harm: Sequence[Stix],
    changed: datetime,
    stripped: list[Stripped],
) -> Stix:
    """The case as an incident with its core extension; `changed` is when it last did."""
    case = setting.case
    known, determination = facts_of(case), _determination(case)
    core: dict[str, Any] = {
        "extension_type": "property-extension",
        "determination": determination,
        "investigation_status": _status(case),
        "criticality": 0 if determination == "false-positive" else case.severity,
        "detection_methods": sorted({*known.detection, *_detection(case)}),
        "incident_types": list(known.types),
        "events": [{"event_ref": ref} for ref in refs(events)],
        "tasks": [{"task_ref": ref} for ref in refs(tasks)],
        "impact_refs": refs(harm),
    }
    return setting.make(
        "incident",
        "case",
        case.opened_at,
        changed,
        name=_name(case),
        description=_description(setting, stripped),
        lang=LANGUAGE,
        external_references=_references(setting, stripped),
        extensions={INCIDENT_CORE: {key: held for key, held in core.items() if held != []}},
    )


def _name(case: Case) -> str:
    """The kind of incident, never its title: that may tell what has stopped, and where."""
    subject = said(vocabulary_of(case.strand).subjects, case.subject) or "Incident"
    return f"EXERCICE · {subject}" if case.exercise else subject


def _description(setting: Setting, stripped: list[Stripped]) -> str | None:
    case, ending = setting.case, ending_of(setting.case)
    found = ending.found if ending else {}
    told = [bilingual(case.title), bilingual(case.severity_why)]
    told += [found.get(key, "") for key in ("cause", "damage", "lessons")]
    whole = "\n".join(text for text in told if text)
    if not setting.level.outside:
        return whole
    if whole:
        stripped.append(Stripped(_("Title of the case"), bilingual(case.title), "victim"))
    if any(found.values()):
        stripped.append(Stripped(_("What was found"), found.get("cause", ""), "words"))
    return None


def _references(setting: Setting, stripped: list[Stripped]) -> list[dict[str, str]] | None:
    case = setting.case
    if setting.level.outside:
        stripped.append(Stripped(_("Reference"), case.reference, "victim"))
        return None
    return [{"source_name": setting.author["name"], "external_id": case.reference}]


def _determination(case: Case) -> str:
    ending = ending_of(case)
    if ending is None:
        return "suspected"
    return ending.determination if ending.determination in DETERMINATIONS else "suspected"


def _status(case: Case) -> str:
    if not case.is_open:
        return "closed"
    return "open" if case.taken_at else "new"


def _detection(case: Case) -> list[str]:
    return ["user-reporting"] if case.declaration_id else []
