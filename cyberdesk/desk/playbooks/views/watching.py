"""The watch: what stands still, whether the sweeper lives, and what waits for a person."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from cyberdesk.core import clock
from cyberdesk.core.audit import verdicts
from cyberdesk.core.db import seeing
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.errors import RefusalError
from cyberdesk.core.jobs import beats, gauges
from cyberdesk.core.text import _
from cyberdesk.core.web.acting import Answer, act
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.playbooks import deadletters, watch
from cyberdesk.desk.playbooks.deadletters import Failed
from cyberdesk.desk.playbooks.forms import ReasonForm, SteerForm
from cyberdesk.desk.playbooks.shown import watching
from cyberdesk.desk.playbooks.views.door import door


@door.get("/surveillance", may="watch:read", endpoint="watch")
def page() -> str:
    who = actor()
    stuck = watching.stuck(who)
    last = next(iter(beats.beats()), None)
    house = who.may("delivery:house")
    return render_template(
        "playbooks/watch.html",
        stuck=stuck,
        long_waits=watching.long_waits(who),
        late=watching.late_leases(who),
        numbers=_of_the_house() if house else None,
        standing=len(stuck),
        under_way=int(sum(watch.open_runs().values())) if not house else None,
        last=last,
        swept=watching.did(last) if last else (),
        silent=clock.now() - beats.SILENT,
        journal=verdicts.broken(),
        waiting=watching.badge(who),
    )


def _of_the_house() -> dict[str, float]:
    """Count over every desk, for whoever runs the platform."""
    with seeing(SYSTEM):
        return {
            "open": sum(watch.open_runs().values()),
            "effects": sum(watch.open_effects().values()),
            "deliveries": gauges.waiting(),
            "oldest": gauges.oldest_seconds(),
        }


@door.get("/surveillance/a-reprendre", may="watch:read", endpoint="dead")
def dead() -> str:
    who = actor()
    return render_template(
        "playbooks/dead.html",
        to_verify=watching.to_verify(who),
        exhausted=watching.exhausted(who),
        failed=deadletters.failed(who),
        waiting=watching.badge(who),
    )


@door.post(
    "/surveillance/envois/<uuid:message_id>/retry", may="delivery:settle", endpoint="deliver_again"
)
def deliver_again(message_id: UUID) -> Response:
    found, form = deadletters.access_failed(actor(), message_id), SteerForm()
    if form.accepted():
        deadletters.try_again(actor(), found)
        flash(str(_("It is tried again within seconds.")), "success")
    return redirect(url_for("playbooks.dead"))


@door.both(
    "/surveillance/envois/<uuid:message_id>/give-up", may="delivery:settle", endpoint="give_up"
)
def give_up(message_id: UUID) -> Answer:
    found, form = deadletters.access_failed(actor(), message_id), ReasonForm()
    return act(
        form,
        page=lambda refusal: _form(found, form, refusal),
        do=lambda: deadletters.give_up(actor(), found, reason=form.reason.data or ""),
        done=lambda _message: _given_up(),
    )


def _given_up() -> Response:
    flash(str(_("Given up, with your reason.")), "success")
    return redirect(url_for("playbooks.dead"))


def _form(found: Failed, form: ReasonForm, refusal: RefusalError | None) -> str:
    return render_template("playbooks/give_up.html", one=found, form=form, refusal=refusal)
