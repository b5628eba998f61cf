"""The strand's obligations as the clocks of a case."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from cyberdesk.core.access import Actor, system
from cyberdesk.core.clock import now
from cyberdesk.core.text import _, bilingual
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.clocks import service as clocks
from cyberdesk.desk.clocks.due import Due, Met
from cyberdesk.desk.clocks.models import RUNNING, Clock
from cyberdesk.desk.tasks.models import Task
from cyberdesk.strands.cyber.calendar import zone_of
from cyberdesk.strands.cyber.case_facts import facts_of
from cyberdesk.strands.cyber.content import Certainty, Text
from cyberdesk.strands.cyber.facts import load_facts
from cyberdesk.strands.cyber.obligations import DueClock, Event, LegalSettings, NisLaw, due_clocks

_NIS: dict[str, NisLaw] = {"in-force": "in_force", "not-in-force": "not_in_force"}
_STARTING: dict[str, Event] = {"NIS 2 notification": "nis2_notified"}  # by the name of a clock
# Which clock is met by which step of our playbooks.
_MET = {
    "complaint": "LOPMI",
    "insurer": "L113-2",
    "notify_cnil": "RGPD 33",
    "notify_in_doubt": "RGPD 33",
    "tell_people": "RGPD 34",
}
_legal = LegalSettings()


def heed(settings: Any) -> None:
    """Take in what the operator has checked in the law, when the process starts."""
    global _legal  # noqa: PLW0603  # one law per process
    _legal = LegalSettings(nis2=_NIS.get(settings.nis2_status, "not_confirmed"))


def obligations(case: Case, awareness: datetime, met: Met) -> Iterable[Due]:
    """Return the duties that apply or may apply; mere advice stands in the playbooks."""
    zone = zone_of(case.organisation.code if case.organisation.kind == "commune" else None)
    found = due_clocks(facts_of(case), _events(awareness, met), _legal, zone)
    return [_due(clock, awareness) for clock in found if clock.obligation.force != "should"]


def follow(clock: Clock) -> None:
    """A duty met may start another: the final report runs from the notification (NIS 2 art. 23)."""
    if clock.name in _STARTING:
        clocks.refresh(system("clocks"), clock.case)


def meet_by_task(task: Task, actor: Actor) -> None:
    """A duty that a playbook asked for and somebody did is met: its clock says so, with the proof.

    What shows it is what was noted with the answer; without a note, who said it and where.
    """
    code = _MET.get(task.name.rpartition(".")[2])
    if code is None or task.answer != "done":
        return
    running = [one for one in clocks.clocks_of(task.case) if one.name == code]
    said = _("Answered done in the tasks: %(title)s", title=bilingual(task.content["title"]))
    for one in running:
        if one.state == RUNNING:
            by = actor if actor.may("clock:done", one.place()) else system("tasks")
            clocks.complete(by, one, at=task.answered_at or now(), proof=task.note or str(said))


def _events(awareness: datetime, met: Met) -> dict[Event, datetime]:
    later: dict[Event, datetime] = {
        event: at for name, event in _STARTING.items() if (at := met.get(name))
    }
    return {"awareness": awareness, "discovery": awareness, **later}


def _due(clock: DueClock, awareness: datetime) -> Due:
    return Due(
        name=clock.obligation.code,
        title=_both(clock.obligation.title),
        started_at=clock.starts_at or awareness,
        due_at=clock.due_at,
        force=_force(clock),
        reminders=clock.reminders,
        about=_about(clock),
    )


def _force(clock: DueClock) -> str:
    """What is only perhaps due must not press in the queue like what is."""
    certain = clock.obligation.force == "must" and clock.verdict == "applies"
    return "must" if certain else "should"


def _about(clock: DueClock) -> dict[str, Any]:
    duty = clock.obligation
    sure = duty.is_certain and clock.verdict == "applies"
    return {
        "why": _why(clock),
        "recipient": _both(duty.recipient),
        "channel": _both(duty.channel),
        "content": [_both(line) for line in duty.content],
        "proof": _both(duty.proof),
        "note": _both(duty.note) if duty.note else None,
        "legal_base": _both(duty.legal),
        "source": _sources(clock),
        "certainty": str(Certainty.SOURCED if sure else Certainty.TO_VERIFY),
        "verified_on": duty.verified_on.isoformat(),
        "who": duty.who,
        "verdict": clock.verdict,
        "guide_at": clock.guide_at.isoformat() if clock.guide_at else None,
    }


def _why(clock: DueClock) -> dict[str, str]:
    if clock.verdict == "applies":
        return {
            "fr": "D’après ce qui a été déclaré.",
            "en": "According to what was declared.",
        }
    sheets = load_facts()
    open_facts = [sheets[name].label for name in clock.unknown if name in sheets]
    return {
        "fr": "À vérifier : " + " ; ".join(label.fr for label in open_facts),
        "en": "To be verified: " + "; ".join(label.en for label in open_facts),
    }


def _sources(clock: DueClock) -> dict[str, str]:
    sources = clock.obligation.sources
    return {
        "fr": " ; ".join(source.title.fr for source in sources),
        "en": "; ".join(source.title.en for source in sources),
    }


def _both(text: Text) -> dict[str, str]:
    return {"fr": text.fr, "en": text.en}
