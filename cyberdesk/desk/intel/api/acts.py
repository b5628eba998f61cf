"""One observable: reading it, changing it, withdrawing it, making an indicator from it."""

from uuid import UUID

from cyberdesk.core.errors import NotFoundError
from cyberdesk.core.text import _
from cyberdesk.core.web.api import Answer, refuse_stale
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.intel import making, service
from cyberdesk.desk.intel.api.door import door, shown, version_of
from cyberdesk.desk.intel.api.shapes import ChangeIn, IndicatorOut, ObservableOut, WithdrawIn
from cyberdesk.desk.intel.models import StixObject

_ADDRESS = "/observables/<uuid:object_id>"
_READ = "case:read"


@door.get(_ADDRESS, may="observable:read", also=_READ, answers=ObservableOut, tagged=True)
def one_observable(object_id: UUID) -> Answer:
    """Read one observable."""
    return shown(_found(object_id))


@door.patch(_ADDRESS, may="observable:change", takes=ChangeIn, answers=ObservableOut)
def change_observable(object_id: UUID, body: ChangeIn) -> Answer:
    """Mark it anew, with its indicator, or write another note."""
    found = _found(object_id)
    refuse_stale(version_of(found))
    return shown(service.change(actor(), found, note=body.note, marking=body.tlp))


@door.post(
    f"{_ADDRESS}/withdraw", may="observable:retract", also=_READ, takes=WithdrawIn,
    answers=ObservableOut, status=200,
)  # fmt: skip
def withdraw_observable(object_id: UUID, body: WithdrawIn) -> Answer:
    """Say that it does not count, and why: it stays in the case and leaves no more."""
    return shown(service.retract(actor(), _found(object_id), reason=body.reason))


@door.post(
    f"{_ADDRESS}/restore", may="observable:retract", also=_READ, answers=ObservableOut, status=200
)
def restore_observable(object_id: UUID) -> Answer:
    """Let a withdrawn one count again."""
    return shown(service.restore(actor(), _found(object_id)))


@door.post(f"{_ADDRESS}/indicator", may="observable:indicate", also=_READ, answers=IndicatorOut)
def make_indicator(object_id: UUID) -> IndicatorOut:
    """Make the indicator that finds this observable elsewhere. 409: there is one already."""
    found = _found(object_id)
    made = service.make_indicator(actor(), found)
    pattern, stix = making.pattern(found.value), made.content["objects"][0]
    return IndicatorOut(id=made.id, pattern=pattern, stix=stix)


def _found(object_id: UUID) -> StixObject:
    found = service.access_object(actor(), object_id)
    if found.is_indicator:
        raise NotFoundError(_("There is no such observable, or it is not open to you."))
    return found
