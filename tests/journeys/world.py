"""The world of the demo with every kind of thing in it, so that every page has something to show."""

import io
import re
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from flask import Flask
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from cyberdesk.core import clock
from cyberdesk.core.access import Actor, system
from cyberdesk.core.access.api_tokens import make_token
from cyberdesk.core.access.links import make_link
from cyberdesk.core.access.models import Organisation, Person
from cyberdesk.core.access.people import service as people
from cyberdesk.core.audit.checkpoints import checkpoint
from cyberdesk.core.clock import now
from cyberdesk.core.crypto.jose import PrivateKey
from cyberdesk.core.db import atomic, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.cases.queue import Asked
from cyberdesk.desk.clocks import service as clocks
from cyberdesk.desk.declarations import service as declarations
from cyberdesk.desk.evidence import service as evidence
from cyberdesk.desk.intel import service as intel
from cyberdesk.desk.intel.reading import read
from cyberdesk.desk.playbooks import drafts, publishers, secrets, versions
from cyberdesk.desk.playbooks import service as playbooks
from cyberdesk.desk.playbooks.models import PlaybookVersion, Run
from cyberdesk.desk.playbooks.starter import starter
from cyberdesk.desk.playbooks.versions import publish_shipped
from cyberdesk.desk.tasks import service as tasks
from cyberdesk.desk.tasks.models import OPEN
from cyberdesk.strands.cyber import demo
from cyberdesk.strands.cyber.content import read as read_script
from cyberdesk.strands.cyber.demo import acts
from tests.factories import actor_of, make_person
from tests.factories.declarations import RANSOMWARE, Begun, answer, begin, renew, send

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
SEEN = "hxxps://paiement-mairie[.]example/login\n185.199.108[.]153\nfacture_2026.zip\n"


@dataclass
class World:
    """People by their part, cases by the place they happen in, and who holds private links."""

    people: dict[str, Person]
    cases: dict[str, str]
    ours: Begun
    draft: Begun
    links: dict[str, str]
    ids: dict[str, UUID]
    version: str = ""  # the hash of the ransomware playbook
    waiting: int = 0  # the entry of a step that waits for an answer, in the run of `ids["run"]`
    answered: int = 0  # and of one that was answered

    @property
    def reference(self) -> str:
        """The case in which everything is."""
        return self.ours.reference


def _declare(organisation: Organisation) -> tuple[Begun, UUID]:
    """As a person declares: in two minutes. Whoever takes no time is doubted."""
    with clock.using(clock.still(now() - timedelta(minutes=2))):
        begun = begin(organisation)
    answer(begun, RANSOMWARE)
    case_id = send(begun)
    return renew(begun), case_id


def build(app: Flask) -> World:
    """Play the demo, then add what it does not have."""
    publish_shipped()
    list(demo.play())
    demo.play_on()
    folk = _folk()
    responder, lead = actor_of(folk["responder"]), actor_of(folk["lead"])
    places = _places()
    begun, case_id = _declare(places["Saint-Exemple-sur-Mer"])
    acts.settle()
    again, _twin = _declare(places["Saint-Exemple-sur-Mer"])
    acts.settle()
    world = World(folk, _cases(), begun, renew(begin(typed_name="Syndicat fictif")), {}, {})
    _work(world, responder, begun.reference)
    with atomic(responder.scope):
        twin, first = (cases.access_case(responder, one.reference) for one in (again, begun))
        cases.merge(responder, twin, into=first, reason="Deux personnes ont déclaré.")
        other = cases.access_case(responder, world.cases["Les Oliviers-Fictifs"])
        world.ids["link"] = cases.link(responder, first, other=other, reason="Même courriel.").id
        escalated = cases.access_case(responder, world.cases["La Roque-Inventée"])
        cases.escalate(responder, escalated, reason="Banque injoignable.")
        graver = cases.access_case(responder, world.cases["Val-Modèle"])
        cases.override_severity(responder, graver, to=4, reason="Élection dimanche.")
        cases.save_view(responder, name="Nuit", asked_for=Asked.from_query("who=free"))
    world.cases["twin"] = again.reference
    _share(world, begun)
    _run(world, lead, case_id)
    _administer(app, world, lead)
    checkpoint()
    return world


def _work(world: World, responder: Actor, reference: str) -> None:
    with atomic(responder.scope):
        case = cases.access_case(responder, reference)
        cases.take(responder, case)
        cases.log_call(responder, case, role="declarant", outcome="reached", minutes=6, words="Oui")
        cases.write(responder, case, body="Le réseau est-il débranché ?")
        cases.add_note(responder, case, body="Voix calme, seule sur place.")
        photo = FileStorage(io.BytesIO(PNG), filename="écran.png")
        world.ids["file"] = evidence.add(responder, case, [photo]).kept[0].id
        values = [value for line in read(SEEN) for value in line.found]
        added = intel.add_observables(responder, case, values).new
        world.ids["observable"] = added[0].id
        clocks.record_awareness(responder, case, at=now() - timedelta(hours=1), words="Le DGS")
        world.ids["clock"] = clocks.clocks(responder, case)[0].id
        open_tasks = tasks.tasks_of(responder, case, state=OPEN)
        world.ids["task"] = next(one.id for one in open_tasks if one.who == "responder")
        world.ids["person"] = cases.people(responder, case)[0].id
    acts.settle()


def _run(world: World, lead: Actor, case_id: UUID) -> None:
    acts._answer(world.ours.actor, acts.Told({"rounds": 1}, case_id, {}))
    with atomic(lead.scope):
        held = session().scalars(select(Run).where(Run.case_id == case_id)).first()
        world.ids["run"], world.version = held.id, held.hash
        for entry in held.state["steps"].values():
            if entry["status"] == "open":
                world.waiting = entry["entry"]
            elif entry["status"] == "done" and entry["base"]:
                world.answered = entry["entry"]
        other = (
            session()
            .scalars(select(Run).where(Run.case_id != case_id, Run.status == "running"))
            .first()
        )
        told = select(Run.id).where(Run.name == "supplier", Run.status == "running")
        world.ids["told run"] = session().scalars(told).first()
        world.ids["paused run"] = playbooks.pause(lead, other, reason="Le prestataire arrive.").id
        _earlier_version(lead, held.hash)
        current = (
            session()
            .scalars(select(PlaybookVersion).where(PlaybookVersion.hash == held.hash))
            .one()
        )
        draft = drafts.revise(lead, current)
        changed = draft.source.replace("who: commune", "who: provider", 1).replace(
            "within:", "withn:", 1
        )
        world.ids["playbook draft"] = drafts.change(lead, draft, source=changed, number=1).id
        world.ids["new playbook"] = drafts.begin(lead, source=starter("ours")).id
        pem = PrivateKey.generate().public.pem
        world.ids["publisher"] = publishers.trust(system("tests"), name="CSIRT Nord", pem=pem).id
        secrets.keep(lead, "soc:firewall", fields={"token": "t"}, hosts=["firewall.example"])


def _earlier_version(lead: Actor, of: str) -> None:
    """Publish a version that is not the current one, with a step that the runs are past."""
    source = session().scalars(select(PlaybookVersion).where(PlaybookVersion.hash == of)).one()
    first = "steps:\n  listen:\n    task: {fr: Écouter la personne, en: Listen to the person}\n    who: responder\n"
    earlier = source.source.replace("\nsteps:\n", f"\n{first}", 1)
    versions.publish(lead, source=re.sub(r"(?m)^modified: .*", "modified: 2026-11-22", earlier))


def _share(world: World, begun: Begun) -> None:
    for role in ("mayor", "provider", "dpo"):
        with atomic(begun.actor.scope):
            case = cases.access_case(begun.actor, begun.reference)
            world.links[role] = declarations.share(begun.actor, case, role=role, label="").token
    with atomic(begun.actor.scope):
        case = cases.access_case(begun.actor, begun.reference)
        photo = FileStorage(io.BytesIO(PNG), filename="rançon.png")
        kept = declarations.attach_to_case(begun.actor, case, [photo]).kept
        world.ids["handed in"] = kept[0].id
    with atomic(begun.actor.scope):
        case = cases.access_case(begun.actor, begun.reference)
        cases.write(begun.actor, case, body="Oui, depuis 7 h 10. Le standard sonne sans arrêt.")


def _administer(app: Flask, world: World, lead: Actor) -> None:
    admin = actor_of(world.people["admin"])
    with atomic(admin.scope), app.test_request_context():
        offered = people.invite(
            admin, email="new@example.org", name="Zoé Neuve", role="lead", strand="cyber"
        )
        world.links["invitation"] = make_link("invitation", offered.id, lasts=timedelta(days=1))
        world.ids["person of the house"] = world.people["second"].id
    with atomic(SYSTEM):
        world.links["renewal"] = make_link(
            "password", world.people["second"].id, lasts=timedelta(hours=1)
        )
        places = select(Organisation.id).where(Organisation.name == "Mas-Chimère")
        world.ids["organisation"] = session().scalars(places).one()
    with atomic(lead.scope):
        made = make_token(
            lead, name="Pont SIEM", scopes={"case:read"}, expires_at=now() + timedelta(days=30)
        )
        world.ids["token"] = made[0].id


def _folk() -> dict[str, Person]:
    names = ("responder", "second", "lead", "auditor", "admin", "commune")
    emails = read_script("demo.yaml")["people"]
    with atomic(SYSTEM) as session:
        found = {
            name: session.scalars(select(Person).where(Person.email == emails[name]["email"])).one()
            for name in names
        }
    here = _places()["Saint-Exemple-sur-Mer"]
    return found | {
        "elsewhere": make_person("lead", strand="campus", name="Paul Ailleurs"),
        "two cases": make_person("member", organisation=here, name="Mireille Olive"),
    }


def _places() -> dict[str, Organisation]:
    with atomic(SYSTEM) as session:
        return {one.name: one for one in session.scalars(select(Organisation))}


def _cases() -> dict[str, str]:
    """References by the name of the commune, the first case of each."""
    with atomic(SYSTEM) as session:
        rows = session.scalars(select(Case).order_by(Case.opened_at.desc())).all()
        return {case.organisation.name: case.reference for case in rows}
