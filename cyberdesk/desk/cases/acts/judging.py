"""How grave it is, and what it has to do with other cases."""

from cyberdesk.core.access import Actor
from cyberdesk.core.errors import InvalidError, NotFoundError
from cyberdesk.core.text import _
from cyberdesk.desk.cases import service
from cyberdesk.desk.cases.acts.act import Act
from cyberdesk.desk.cases.forms import LinkForm, ReasonForm, SeverityForm
from cyberdesk.desk.cases.models import Case


def _severity(actor: Actor, case: Case, form: SeverityForm) -> None:
    reason, seen = form.reason.data or "", form.seen_version()
    service.override_severity(actor, case, to=form.to.data, reason=reason, seen=seen)


def _computed(actor: Actor, case: Case, form: ReasonForm) -> None:
    service.drop_override(actor, case, reason=form.reason.data or "", seen=form.seen_version())


def _link(actor: Actor, case: Case, form: LinkForm) -> None:
    service.link(actor, case, other=_other(actor, form), reason=form.reason.data or "")


def _merge(actor: Actor, case: Case, form: LinkForm) -> None:
    reason, seen = form.reason.data or "", form.seen_version()
    service.merge(actor, case, into=_other(actor, form), reason=reason, seen=seen)


def _unmerge(actor: Actor, case: Case, form: ReasonForm) -> None:
    service.unmerge(actor, case, reason=form.reason.data or "")


def _other(actor: Actor, form: LinkForm) -> Case:
    try:
        return service.access_case(actor, form.other.data or "")
    except NotFoundError as refusal:
        raise InvalidError(refusal.message, fields={"other": [refusal.message]}) from refusal


ACTS = (
    Act(
        name="severity",
        title=_("Set the severity"),
        explained=_("The computed severity stays visible beside yours, with your reason."),
        button=_("Set it"),
        done=_("The severity is set."),
        icon="alert",
        may="case:severity",
        form=lambda _case: SeverityForm(),
        do=_severity,
        order=40,
    ),
    Act(
        name="computed-severity",
        title=_("Return to the computed severity"),
        explained=_("The severity that was set by hand stays in the timeline."),
        button=_("Return to it"),
        done=_("The computed severity is in force."),
        icon="refresh",
        may="case:severity",
        form=lambda _case: ReasonForm(),
        do=_computed,
        shown=lambda case: case.is_open and case.overridden_at is not None,
        order=41,
    ),
    Act(
        name="link",
        title=_("Link with another case"),
        explained=_("Same attacker, same supplier, same message. Only the desk sees the link."),
        button=_("Link"),
        done=_("The two cases are linked."),
        icon="link",
        may="case:link",
        form=lambda _case: LinkForm(),
        do=_link,
        order=60,
    ),
    Act(
        name="merge",
        title=_("It is a duplicate"),
        explained=_(
            "This case is closed and points at the other, where the work goes on. "
            "Nothing is moved, and it can be taken back."
        ),
        button=_("Close as a duplicate"),
        done=_("The case is closed as a duplicate."),
        icon="git-merge",
        may="case:link",
        form=lambda _case: LinkForm(),
        do=_merge,
        order=65,
        danger=True,
    ),
    Act(
        name="unmerge",
        title=_("It is not a duplicate after all"),
        explained=_("The case stands again where it stood, with all that it had."),
        button=_("Take the merge back"),
        done=_("The case stands alone again."),
        icon="refresh",
        may="case:link",
        form=lambda _case: ReasonForm(),
        do=_unmerge,
        shown=lambda case: case.duplicate_of_id is not None,
        order=5,
        main=True,
    ),
)
