"""What may leave at a level, and the list of what stayed behind with the reason."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from cyberdesk.core.json_schema import validator
from cyberdesk.core.text import Text, _
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.intel import privacy
from cyberdesk.desk.intel.defanging import defang
from cyberdesk.desk.intel.marking import Tlp
from cyberdesk.desk.intel.models import StixObject
from cyberdesk.desk.intel.reading import Sort, Value

REASONS: Mapping[str, Text] = {
    "retracted": _("It was retracted."),
    "erased": _("It was erased with the key of its case."),
    "marking": _("Its marking does not let it travel this far."),
    "inside": _("It says something of the victim's inside, or of people there."),
    "victim": _("It names the victim, or would let others guess who it is."),
    "words": _("A person wrote it for the desk."),
    "form": _("Its form is not one that other tools take."),
    "basis": _("What it is based on stays behind."),
}


@dataclass(frozen=True, slots=True)
class Stripped:
    """Something that stayed behind: `what` is shown to those who export, and to nobody else."""

    kind: Text
    what: str
    reason: str

    @property
    def why(self) -> Text:
        return REASONS[self.reason]


@dataclass(frozen=True, slots=True)
class Kept:
    """The objects that leave, and what does not."""

    objects: Sequence[StixObject]
    stripped: Sequence[Stripped]


def sort_out(case: Case, objects: Sequence[StixObject], level: Tlp) -> Kept:
    """Part what may leave at `level` from what may not."""
    kept, stripped = [], []
    for found in objects:
        reason = _reason(case, found, level)
        if reason:
            stripped.append(left_behind(found, reason))
        else:
            kept.append(found)
    return Kept(kept, stripped)


def left_behind(found: StixObject, reason: str) -> Stripped:
    kind = _("Indicator") if found.is_indicator else _("Observable")
    return Stripped(kind, defang(found.value) or found.type, reason)


def _reason(case: Case, found: StixObject, level: Tlp) -> str | None:
    """Return why an object stays behind, or None when it may leave."""
    value = found.value
    if found.retracted_at is not None:
        return "retracted"
    if not value.text:
        return "erased"
    if not level.allows(found.tlp):
        return "marking"
    if level.outside and (telling := _tells(case, value)):
        return telling
    return None if _well_formed(value) else "form"


def _tells(case: Case, value: Value) -> str | None:
    if privacy.inside(value):
        return "inside"
    return "victim" if privacy.names(value, case.organisation.name) else None


def _well_formed(value: Value) -> bool:
    """Say whether the checks of other tools take the value: theirs are narrower than ours."""
    check = _CHECKS.get(value.sort)
    return check is None or check(value.text)


def _conforms(form: str) -> Callable[[str], bool]:
    def check(text: str) -> bool:
        return bool(validator().FORMAT_CHECKER.conforms(text, form))

    return check


def _plain_mailbox(text: str) -> bool:
    local, _at, name = text.rpartition("@")
    plain = local.replace("_", "").replace(".", "").replace("+", "").replace("-", "")
    return plain.isalnum() and _conforms("idn-hostname")(name)


_CHECKS: Mapping[Sort, Callable[[str], bool]] = {
    Sort.DOMAIN: _conforms("idn-hostname"),
    Sort.URL: _conforms("uri"),
    Sort.EMAIL: _plain_mailbox,
}
