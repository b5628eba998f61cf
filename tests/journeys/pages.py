"""Every page of the house and who looks at it; what is no page is named with the reason.

A new GET route fails `test_every_page` until it stands here: add a `Stop`, or its reason.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from cyberdesk.desk.cases.acts import ACTS
from tests.journeys.world import World

_PART = "a part of another page, which shows it"
_DATA = "no page: data for programs"
FRENCH = {"lang": "fr"}  # after a page that was read in English
NO_PAGE = {
    "account.protected": "shown once, after a second factor is set up: test_first_start",
    "account.start": "leads on to the first page of whoever signed in",
    "cases.live_case": "a stream of events",
    "cases.live_queue": "a stream of events",
    "cases.part": _PART,
    "cases.rows": _PART,
    "declarations.follow": "leads on to the screen where the declaration stands",
    "declarations.organisations": "the answers of the search field",
    "declarations.paper": "a PDF: test_declare opens it",
    "declarations.thanks": "shown once, after sending: test_declare sees it",
    "dossier.dossier": "a PDF",
    "dossier.letter": "a PDF",
    "evidence.content": "a file",
    "entry.invited": "leads on to entry.invitation, which shows it",
    "entry.renewing": "leads on to entry.renewal, which shows it",
    "health.alive": _DATA,
    "health.ready": _DATA,
    "journal.export": "a file",
    "journal.proof": "a file",
    "metrics.show": _DATA,
    "playbooks.do_settle": "looks like playbooks.do_pause, of a run with a failure",
    "playbooks.give_up": "looks like playbooks.do_pause, of a delivery that was given up",
    "playbooks.run": "leads to the run's place on the page of its case",
    "playbooks.source": _DATA,
    "playbooks.export": _DATA,
    "playbooks.schema": _DATA,
    "playbooks.publisher_key": _DATA,
    "playbooks.version": "looks like playbooks.playbook, of a version that is not the current one",
    "playbooks.step_retry": "looks like playbooks.step_skip, of a step that failed",
    "playbooks.step_verify": "looks like tasks.show, of an effect whose outcome is unknown",
    "organisations.search": "the answers of the search field",
    "security.tf_select": "between password and code: leads to the sign-in page without them",
    "security.two_factor_rescue": "the address of the recovery code's page, never served",
    "security.two_factor_token_validation": "between password and code: tests/core/access",
    "security.mf_recovery": "between password and code: tests/core/access",
    "security.wan_verify": "needs a passkey: tests/core/access",
    "space.dossier": "a PDF",
    "space.letter": "a PDF",
    "security.wan_delete": "leads to security.wan_register, which shows it",
    "space.file": "a file",
    "space.live": "a stream of events",
    "space.part": _PART,
    "static": "style sheets, scripts and icons",
}


@dataclass(frozen=True)
class Stop:
    """A page to look at: `who` is a key of test_every_page.doors; `status` is what it answers.

    `picture` names the one that the documentation shows of it.
    """

    who: str
    endpoint: str
    values: dict[str, Any] = field(default_factory=dict)
    status: int = 200
    picture: str = ""


def stops(world: World) -> Iterator[Stop]:
    yield from _public(world)
    yield from _space(world)
    yield from _desk(world)
    yield from _case(world)
    yield from _playbooks(world)
    yield from _account()
    yield from _administration(world)


def _public(world: World) -> Iterator[Stop]:
    for endpoint in (
        "api.reference",
        "entrance.home",
        "declarations.start",
        "declarations.back",
        "security.login",
        "security.wan_signin",
        "entry.forgotten",
        "style.page",
    ):
        yield Stop("visitor", endpoint)
    yield Stop("visitor", "api.about", {"part": "declarations"})
    yield Stop("invited", "entry.invitation")
    yield Stop("renewing", "entry.renewal")
    yield Stop("visitor", "entry.invitation", status=404)
    for page in ("sees", "reach"):
        yield Stop("drafting", "declarations.screen", {"page": page})
    yield Stop("drafting", "declarations.files")
    yield Stop("drafting", "declarations.review")
    yield Stop("drafting", "declarations.start", {"lang": "en"})


def _space(world: World) -> Iterator[Stop]:
    here = {"reference": world.reference}
    for who in ("declarant", "mayor", "provider", "dpo", "commune"):
        case = {"reference": world.cases["Les Oliviers-Fictifs"]} if who == "commune" else here
        for page in ("case", "todo", "thread", "suspect", "files", "mayor", "people"):
            if who in {"provider", "dpo"} and page in {"mayor", "people"}:
                continue
            yield Stop(who, f"space.{page}", case)
    yield Stop("two cases", "space.home")
    yield Stop("declarant", "space.todo", here | {"lang": "en"})
    yield Stop("provider", "space.mayor", here, 404)


def _desk(world: World) -> Iterator[Stop]:
    yield Stop("responder", "cases.queue", FRENCH, picture="desk-queue")
    yield Stop("lead", "cases.queue")
    yield Stop("auditor", "cases.queue", status=403)
    yield Stop("responder", "cases.mine")
    yield Stop("responder", "cases.queue", {"who": "free", "level": "4"})
    yield Stop("responder", "cases.queue", {"state": "closed", "lang": "en"})
    yield Stop("responder", "cases.queue", {"q": "rien de tel"})
    yield Stop("elsewhere", "cases.queue")
    yield Stop("elsewhere", "cases.break_glass")
    yield Stop("responder", "tasks.show", {"task_id": world.ids["task"]})
    clock = {"clock_id": world.ids["clock"]} | FRENCH
    yield Stop("responder", "clocks.show", clock, picture="desk-deadline")


def _case(world: World) -> Iterator[Stop]:
    here = {"reference": world.reference}
    yield Stop("responder", "cases.show", here | FRENCH, picture="desk-case")
    yield Stop("lead", "cases.show", here)
    for tab in ("timeline", "messages", "people", "files"):
        yield Stop("responder", "cases.tab", here | {"tab": tab})
    procedure, observables = here | {"tab": "procedure"}, here | {"tab": "observables"}
    yield Stop("responder", "cases.tab", procedure, picture="desk-procedure")
    yield Stop("responder", "cases.tab", observables, picture="desk-observables")
    yield Stop("lead", "cases.tab", here | {"tab": "journal"})
    for name in ("Mas-Chimère", "Port-Imaginaire", "La Roque-Inventée", "Val-Modèle", "twin"):
        yield Stop("responder", "cases.show", {"reference": world.cases[name]})
    yield Stop("responder", "cases.show", {"reference": "CD-000-000"}, 404)
    yield from _acts(world)
    yield Stop("responder", "clocks.awareness", here)
    yield Stop("responder", "evidence.show", here | {"file_id": world.ids["file"]})
    yield Stop("responder", "cases.person", here | {"person_id": world.ids["person"]})
    yield Stop("responder", "cases.end_link", here | {"link_id": world.ids["link"]})
    yield Stop("responder", "intel.one", here | {"object_id": world.ids["observable"]})
    yield Stop("responder", "intel.export", here)
    yield Stop("responder", "cyber.settle", here)
    yield Stop("responder", "cyber.facts", here)
    yield Stop("responder", "cyber.correct", here | {"fact": "elections_at_stake"})


def _acts(world: World) -> Iterator[Stop]:
    """Each act on a case that it can be done to."""
    fitting = {
        "reopen": "Mas-Chimère",
        "unmerge": "twin",
        "answer-escalation": "La Roque-Inventée",
        "computed-severity": "Val-Modèle",
    }
    for act in ACTS:
        who = "lead" if act.may == "case:lead" else "responder"
        case = world.cases.get(fitting.get(act.name, ""), world.reference)
        yield Stop(who, f"cases.do_{act.name}", {"reference": case})


def _playbooks(world: World) -> Iterator[Stop]:
    run, paused = ({"run_id": world.ids[name]} for name in ("run", "paused run"))
    yield Stop("responder", "playbooks.library")
    yield Stop("lead", "playbooks.watch", FRENCH, picture="desk-watch")
    yield Stop("lead", "playbooks.dead")
    named = {"name": "ransomware"}
    yield Stop("responder", "playbooks.playbook", named, picture="desk-playbook")
    yield Stop("lead", "playbooks.history", named)
    yield Stop("lead", "playbooks.retire", named | {"version": world.version})
    yield Stop("lead", "playbooks.differences", named | {"version": world.version})
    yield Stop("lead", "playbooks.import_draft")
    for page in ("draft", "draft_differences", "publish_draft", "drop_draft"):
        yield Stop("lead", f"playbooks.{page}", {"draft_id": world.ids["playbook draft"]})
    yield Stop("lead", "playbooks.rehearse", {"draft_id": world.ids["new playbook"]})
    yield Stop("lead", "playbooks.secrets")
    yield Stop("admin", "playbooks.publishers")
    yield Stop("admin", "playbooks.trust_publisher")
    yield Stop("admin", "playbooks.renew_publisher")
    yield Stop("admin", "playbooks.distrust_publisher", {"publisher_id": world.ids["publisher"]})
    yield Stop("lead", "playbooks.set_secret", {"name": "soc:firewall"})
    yield Stop("responder", "playbooks.start", {"reference": world.reference})
    for act in ("pause", "cancel", "migrate"):
        yield Stop("lead", f"playbooks.do_{act}", run)
    yield Stop("lead", "playbooks.do_resume", paused)
    told = {"run_id": world.ids["told run"], "name": "provider.report"}
    yield Stop("responder", "playbooks.signal", told)
    for step in ("step", "step_skip"):
        yield Stop("lead", f"playbooks.{step}", run | {"entry": world.waiting})
    yield Stop("lead", "playbooks.step_redo", run | {"entry": world.answered})


def _account() -> Iterator[Stop]:
    for endpoint in (
        "account.home",
        "account.profile",
        "account.protect",
        "security.change_password",
        "security.two_factor_setup",
        "security.mf_recovery_codes",
        "security.wan_register",
        "security.verify",
    ):
        yield Stop("responder", endpoint)
    yield Stop("lead", "tokens.index")
    yield Stop("lead", "tokens.new")
    yield Stop("commune", "account.home")


def _administration(world: World) -> Iterator[Stop]:
    for who in ("auditor", "admin"):
        yield Stop(who, "journal.index")
    yield Stop("auditor", "journal.index", {"action": "nothing:like:that"})
    yield Stop("auditor", "journal.entry", {"seq": 0})
    yield Stop("admin", "people.index", picture="admin-people")
    yield Stop("admin", "people.invitations")
    yield Stop("admin", "people.person", {"person_id": world.ids["person of the house"]})
    yield Stop("admin", "organisations.index", {"q": "mas"})
    yield Stop("admin", "organisations.new")
    yield Stop("admin", "organisations.change", {"organisation_id": world.ids["organisation"]})
    yield Stop("admin", "connectors.index", picture="admin-connectors")
    for name in ("mail", "webhook"):
        yield Stop("admin", "connectors.show", {"name": name})
    yield Stop("admin", "connectors.rehearse", {"name": "mail", "action": "send"})
