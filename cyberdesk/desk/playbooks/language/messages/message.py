"""What a finding says: one sentence for what is wrong, one for how to mend it, in two languages."""

from dataclasses import dataclass

Both = dict[str, str]


@dataclass(frozen=True, slots=True)
class Message:
    severity: str
    what: Both
    mend: Both


def error(fr: str, en: str, mend_fr: str, mend_en: str) -> Message:
    return Message("error", {"fr": fr, "en": en}, {"fr": mend_fr, "en": mend_en})


def warning(fr: str, en: str, mend_fr: str, mend_en: str) -> Message:
    return Message("warning", {"fr": fr, "en": en}, {"fr": mend_fr, "en": mend_en})
