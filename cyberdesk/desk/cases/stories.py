"""The sentences of a case's own lines: short, without their author, who stands beside them."""

from typing import Any

from cyberdesk.core.text import Text, _
from cyberdesk.desk.cases import vocabulary
from cyberdesk.desk.cases.levels import level
from cyberdesk.desk.cases.story import Facts, Story
from cyberdesk.desk.cases.vocabulary import CALLS, DETERMINATIONS, OUTCOMES, PEOPLE


def _plain(text: Text, **drawn: Any) -> Story:
    return Story(lambda _facts: text, **drawn)


def _severity(facts: Facts) -> Text:
    before, after = (level(int(facts.get(key, 1))).name for key in ("before", "after"))
    return _("Severity set: %(before)s → %(after)s", before=before, after=after)


def _triaged(facts: Facts) -> Text:
    now = {"level": level(int(facts.get("level", 1))).name, "score": facts.get("severity", "")}
    before = facts.get("before")
    if not before:  # a line that was written before it kept what was computed last
        return _("Severity computed: %(level)s, %(score)s", **now)
    return _(
        "Severity computed: %(was)s, %(had)s → %(level)s, %(score)s",
        was=level(int(before["level"])).name,
        had=before["severity"],
        **now,
    )


def _call(facts: Facts) -> Text:
    who = vocabulary.said(PEOPLE, facts.get("role"))
    outcome = vocabulary.said(CALLS, facts.get("outcome"))
    outcome = outcome[:1].lower() + outcome[1:]
    if facts.get("minutes"):
        return _(
            "Call (%(who)s): %(outcome)s, %(minutes)s min",
            who=who, outcome=outcome, minutes=facts["minutes"],
        )  # fmt: skip
    return _("Call (%(who)s): %(outcome)s", who=who, outcome=outcome)


def _closed(facts: Facts) -> Text:
    return _(
        "Case closed: %(outcome)s. %(determination)s",
        outcome=vocabulary.said(OUTCOMES, facts.get("outcome")),
        determination=vocabulary.said(DETERMINATIONS, facts.get("determination")),
    )


def _message(facts: Facts) -> Text:
    if facts.get("side") == "desk":
        return _("Message to the commune")
    if facts.get("side") == "provider":
        return _("Message from the provider")
    if facts.get("side") == "dpo":
        return _("Message from the data protection officer")
    return _("Message from the commune")


def _who(facts: Facts) -> str:
    return vocabulary.said(PEOPLE, facts.get("role"))


STORIES = {
    "case:opened": _plain(_("Case opened"), icon="flag", tone="ok"),
    "case:triaged": Story(_triaged, icon="alert"),
    "case:taken": _plain(_("Case taken"), icon="hand", tone="ok"),
    "case:handed-over": Story(
        lambda f: _("Handed over to %(name)s", name=f.get("to", "")), icon="arrow-forward"
    ),
    "case:released": _plain(_("Put back into the queue"), icon="inbox"),
    "case:escalated": _plain(_("The lead is called for"), icon="speakerphone", tone="warn"),
    "case:escalation-answered": _plain(_("The lead has answered"), icon="check"),
    "case:severity": Story(_severity, icon="alert", tone="warn"),
    "case:linked": Story(
        lambda f: _("Linked with %(other)s", other=f.get("other", "")), icon="link"
    ),
    "case:unlinked": Story(
        lambda f: _("No longer linked with %(other)s", other=f.get("other", "")), icon="x"
    ),
    "case:merged": Story(
        lambda f: _("Goes on in %(into)s, of which it is a duplicate", into=f.get("into", "")),
        icon="git-merge",
    ),
    "case:merged-in": Story(
        lambda f: _("%(case)s is a duplicate of this case", case=f.get("from", "")),
        icon="git-merge",
    ),
    "case:unmerged": Story(
        lambda f: _("Stands alone again, apart from %(into)s", into=f.get("into", "")),
        icon="git-merge",
    ),
    "case:unmerged-from": Story(
        lambda f: _("%(case)s is a duplicate no more", case=f.get("from", "")), icon="git-merge"
    ),
    "case:message": Story(_message, icon="message", group="talk"),
    "case:note": _plain(_("Note for the desk"), icon="lock", group="talk"),
    "case:acknowledged": _plain(_("Read; no written answer is needed"), icon="check", group="talk"),
    "case:person-added": Story(
        lambda f: _("Contact added: %(who)s", who=_who(f)), icon="users", group="talk"
    ),
    "case:person-changed": Story(
        lambda f: _("Contact corrected: %(who)s", who=_who(f)), icon="users", group="talk"
    ),
    "case:person-ended": Story(
        lambda f: _("Contact taken off the list: %(who)s", who=_who(f)),
        icon="users",
        group="talk",
    ),
    "case:call": Story(_call, icon="phone", group="talk"),
    "case:call-note": _plain(_("What was said on the telephone"), icon="lock", group="talk"),
    "case:chronicle": _plain(_("Chronology"), icon="history", group="attack"),
    "case:closed": Story(_closed, icon="ok", tone="ok"),
    "case:reopened": _plain(_("Case reopened"), icon="refresh", tone="warn"),
    "case:break-glass": _plain(
        _("Opened in an emergency by a lead of another desk"), icon="lock", tone="bad"
    ),
}
