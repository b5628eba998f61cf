"""What signatures are worth, in words: on pages and on the command line."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cyberdesk.core.text import Text, _
from cyberdesk.desk.playbooks.exchange.signing import Checked, Verdict, each


@dataclass(frozen=True, slots=True)
class Shown:
    """A line about a signature; `tone` is `good`, `plain` or `bad`."""

    text: Text
    tone: str
    key: str = ""


def shown(checked: Sequence[Checked]) -> list[Shown]:
    """Say each signature and countersignature; of none, that nobody signed."""
    lines = [Shown(said(one), _tone(one), one.key) for one in each(checked)]
    return lines or [Shown(_("Signed by nobody"), "plain")]


def said(one: Checked) -> Text:
    """Say one signature: who made it, with a key known here or not, or what is wrong with it."""
    if one.trusted:
        if one.known == one.signee:
            return _("Signed by %(who)s (known key)", who=one.known)
        return _("Signed by %(known)s (known key), as “%(who)s”", known=one.known, who=one.signee)
    if one.good:
        return _("Signed by “%(who)s”, key unknown here", who=one.signee)
    return _WRONG.get((one.verdict, one.why), _WRONG[one.verdict, ""])(one)


def _tone(one: Checked) -> str:
    if one.trusted:
        return "good"
    return "plain" if one.good or one.verdict is Verdict.NO_KEY else "bad"


_WRONG: dict[tuple[Verdict, str], Callable[[Checked], Text]] = {
    (Verdict.BROKEN, ""): lambda one: _(
        "Signature of “%(who)s” broken: the playbook was changed after it was signed",
        who=one.signee,
    ),
    (Verdict.BROKEN, "form"): lambda one: _(
        "Signature of “%(who)s” broken: it is not written as the standard asks", who=one.signee
    ),
    (Verdict.BROKEN, "unread"): lambda one: _(
        "Signature of “%(who)s” broken: its key cannot be read", who=one.signee
    ),
    (Verdict.BROKEN, "kind"): lambda one: _(
        "Signature of “%(who)s” broken: its key is not one for its algorithm", who=one.signee
    ),
    (Verdict.OTHER_VERSION, ""): lambda one: _(
        "Signature of “%(who)s” is of another version", who=one.signee
    ),
    (Verdict.REVOKED, ""): lambda one: _(
        "Signature of “%(who)s” was taken back by its maker", who=one.signee
    ),
    (Verdict.EXPIRED, ""): lambda one: _(
        "Signature of “%(who)s” expired on %(day)s", who=one.signee, day=one.why[:10]
    ),
    (Verdict.EXPIRED, "not-yet"): lambda one: _(
        "Signature of “%(who)s” is not valid yet", who=one.signee
    ),
    (Verdict.UNSUPPORTED, ""): lambda one: _(
        "Signature of “%(who)s” not verified: its algorithm is not supported", who=one.signee
    ),
    (Verdict.UNSUPPORTED, "shared-secret"): lambda one: _(
        "Signature of “%(who)s” not verified: HS256, HS384 and HS512 need a secret that "
        "everybody who verifies would have to know, and could sign with",
        who=one.signee,
    ),
    (Verdict.UNSUPPORTED, "hash-based"): lambda one: _(
        "Signature of “%(who)s” not verified: XMSS and LMS are not supported", who=one.signee
    ),
    (Verdict.UNSUPPORTED, "weak"): lambda one: _(
        "Signature of “%(who)s” not accepted: its key is too weak (RSA needs 2048 bits)",
        who=one.signee,
    ),
    (Verdict.UNSUPPORTED, "hash"): lambda one: _(
        "Signature of “%(who)s” not verified: its hash is not supported", who=one.signee
    ),
    (Verdict.NO_KEY, ""): lambda one: _(
        "Signature of “%(who)s” not verified: its key is not known here", who=one.signee
    ),
    (Verdict.NO_KEY, "cert_url"): lambda one: _(
        "Signature of “%(who)s” not verified: its certificate is on the Internet, and is not "
        "fetched from there",
        who=one.signee,
    ),
}
