"""Hostile text in every field, then every page that shows it, in a real browser: nothing runs."""

from types import SimpleNamespace
from uuid import UUID

import pytest
from sqlalchemy import select

from cyberdesk.core import clock
from cyberdesk.core.access.models import Person
from cyberdesk.core.access.people import service as people
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.cases.queue import Asked
from cyberdesk.desk.clocks import service as clocks
from cyberdesk.desk.declarations import service as declarations
from cyberdesk.desk.playbooks import versions
from cyberdesk.desk.tasks import service as tasks
from tests.desk.cases.conftest import ending
from tests.factories import actor_of, make_organisation, make_person
from tests.factories.declarations import RANSOMWARE, make_declaration
from tests.journeys.signing_in import signed_in

pytestmark = [pytest.mark.journey, pytest.mark.timeout(400)]

# Each breaks out of another place: an element, an attribute, a text area, a script, a template.
ATTACK = (
    "<script>window.pwned=1</script><img src=x onerror=window.pwned=1>"
    "\"><svg onload=window.pwned=1>'><b onmouseover=window.pwned=1 autofocus onfocus=window.pwned=1>"
    "</textarea></title></template><iframe srcdoc='<script>parent.pwned=1</script>'></iframe>"
    "javascript:window.pwned=1//';window.pwned=1;//{{7*7}}${7*7}<%=7*7%>#{7*7}"
)
LINE = "<img src=x onerror=window.pwned=1>\"'><svg/onload=window.pwned=1>"  # where fields are short
GENERAL = ("/desk", "/desk/mes-dossiers", "/compte", "/compte/profil")


@pytest.fixture
def responder(app):
    person = make_person("responder", name=f"Rémi {LINE}")
    return person, actor_of(person)


@pytest.fixture
def told(app, responder) -> SimpleNamespace:
    """A case in which everything that a person can write was written by an attacker."""
    versions.publish_shipped()
    _person, actor = responder
    screens = RANSOMWARE | {
        "reach": {"callback_phone": ["06 12 34 56 78"], "callback_name": [LINE]},
        "support": {"it_support": ["provider"], "insured": ["yes"], "words": [ATTACK]},
    }
    begun, case_id = make_declaration(make_organisation(f"Val {LINE}"), screens)
    link = begun.actor
    with atomic(link.scope):
        case = cases.access_case(link, case_id)
        cases.write(link, case, body=ATTACK)
        declarations.share(link, case, role="mayor", label=LINE)
        upload = SimpleNamespace(filename=f"{LINE}.html", stream=_stream(ATTACK))
        declarations.attach_to_case(link, case, [upload])
    with atomic(actor.scope) as session:
        case = cases.access_case(actor, case_id)
        _write_everything(actor, case)
        found = SimpleNamespace(
            reference=case.reference,
            token=begun.token,
            clock=clocks.clocks(actor, case)[0].id,
            tasks=[task.id for task in tasks.tasks_of(actor, case)][:4],
            contact=cases.people(actor, case)[0].id,
        )
        clock_row = clocks.access_clock(actor, found.clock)
        clocks.exclude(actor, clock_row, reason=ATTACK)
        cases.save_view(actor, name=LINE[:60], asked_for=Asked(q=LINE))
        session.flush()
    return found


def _stream(text: str):
    import io

    return io.BytesIO(text.encode())


def _write_everything(actor, case: Case) -> None:
    cases.add_person(actor, case, role="it", name=LINE, phone=LINE, email=LINE, about=LINE)
    cases.write(actor, case, body=ATTACK)
    cases.add_note(actor, case, body=ATTACK)
    cases.log_call(actor, case, role="it", outcome="reached", minutes=3, words=ATTACK)
    cases.chronicle(actor, case, at=clock.now(), words=ATTACK, desk_only=False)
    cases.escalate(actor, case, reason=ATTACK)
    cases.override_severity(actor, case, to=1 if case.level != 1 else 2, reason=ATTACK)
    clocks.record_awareness(actor, case, at=clock.now(), words=ATTACK)
    for task in tasks.tasks_of(actor, case, state="open"):
        if task.kind == "task" and task.who != "lead":
            tasks.answer(actor, task, answer="impossible", words=ATTACK)
            break


class Watched:
    """A browser whose pages must run nothing and whose policy must have nothing to report."""

    def __init__(self, page, site):
        self.page, self.site, self.faults = page, site, []
        page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        page.on("dialog", lambda dialog: self.faults.append("a dialog"))
        page.on("console", self._said)
        page.context.add_init_script("""
            document.addEventListener("securitypolicyviolation",
              (event) => console.error("Content Security: " + event.violatedDirective));
        """)

    def _said(self, message) -> None:
        if "Content Security" in message.text:
            self.faults.append(message.text)

    def look(self, address: str, *, shows: bool = False) -> None:
        answer = self.page.goto(self.site + address, wait_until="load")
        assert answer is None or answer.status == 200, (address, answer.status)
        self.page.mouse.move(200, 300)
        assert self.page.evaluate("window.pwned") is None, address
        assert self.page.locator("iframe, script:not([src]):not([type])").count() == 0, address
        assert self.page.locator("[onerror], [onload], [onfocus], [onmouseover]").count() == 0
        if shows:
            assert "window.pwned" in self.page.content(), address
        assert not self.faults, (address, self.faults)


def test_nothing_that_was_written_runs_on_the_desk(phone, app, site, told, responder):
    person, _actor = responder
    here = f"/desk/cases/{told.reference}"
    seen = Watched(
        signed_in(phone(viewport={"width": 1280, "height": 900}), app, site, person), site
    )
    tabs = _links(seen, here)
    assert f"{here}/timeline" in tabs
    for address in (here, *tabs):
        seen.look(address, shows=True)
    acts = [
        f"{here}/do/{act}" for act in ("close", "call", "person", "answer-escalation", "severity")
    ]
    for address in (
        *GENERAL,
        *(act for act in acts if "answer" not in act),
        f"{here}/people/{told.contact}",
        f"{here}/awareness",
        f"/desk/clocks/{told.clock}",
        *(f"/desk/tasks/{task}" for task in told.tasks),
    ):
        seen.look(address)


def _links(seen: Watched, here: str) -> list[str]:
    """The tabs of the case; a PDF is no page, and what it is made of is tried in tests/desk."""
    seen.look(here)
    found = seen.page.eval_on_selector_all("a[href]", "all => all.map(a => a.getAttribute('href'))")
    pages = {
        one.partition("#")[0]
        for one in found
        if one.startswith(f"{here}/") and not one.endswith(".pdf")
    }
    return sorted(one for one in pages if one.count("/") == here.count("/") + 1)


def test_nothing_that_was_written_runs_in_the_space(phone, app, site, told):
    page = phone()
    page.context.add_cookies([{"name": "dossier", "value": told.token, "url": site}])
    seen, here = Watched(page, site), f"/mon-dossier/{told.reference}"
    for address in ("", "/messages", "/fichiers", "/partage"):
        seen.look(here + address, shows=True)
    for name in ("state", "todo", "thread", "files", "mayor", "tabs"):
        seen.look(f"{here}/parties/{name}")
    for address in (f"{here}/a-faire", f"{here}/maire"):
        seen.look(address)
    for address in ("/declarer", "/declarer/merci", "/reprendre?reference=" + LINE):
        seen.look(address)


def test_nothing_runs_in_the_letter_that_ends_a_case(phone, app, site, told, responder):
    person, actor = responder
    with atomic(actor.scope):
        case = cases.access_case(actor, told.reference)
        words = dict.fromkeys(("cause", "damage", "lessons", "letter"), ATTACK)
        damages = ["availability/denial-critical", "information/pii"]
        cases.close_case(actor, case, **ending(**words) | {"damages": _damages(case) or damages})
    seen = Watched(signed_in(phone(), app, site, person), site)
    seen.look(f"/desk/cases/{told.reference}", shows=True)
    page = phone()
    page.context.add_cookies([{"name": "dossier", "value": told.token, "url": site}])
    Watched(page, site).look(f"/mon-dossier/{told.reference}", shows=True)


def _damages(case: Case) -> list[str]:
    from cyberdesk.desk.cases.vocabulary import vocabulary_of

    sides = vocabulary_of(case.strand).damages
    return [f"{name}/{next(iter(side.values))}" for name, side in sides.items()][:1]


def test_nothing_that_was_written_runs_for_the_administrator(phone, app, site, told):
    admin = make_person("admin", name=f"Ada {LINE}")
    actor = actor_of(admin)
    with atomic(actor.scope):
        added = people.add_organisation(actor, kind="association", name=LINE, code=None)
        commune = make_organisation(f"Autre {LINE}")
        people.invite(actor, email="x@example.org", name=LINE, role="member", organisation=commune)
        organisation_id: UUID = added.id
    with atomic(SYSTEM) as session:
        person = session.scalars(select(Person).where(Person.name.like("Rémi%"))).one()
    seen = Watched(signed_in(phone(), app, site, admin), site)
    for address, shows in (
        ("/administration/personnes", True),
        (f"/administration/personnes/{person.id}", True),
        ("/administration/invitations", True),
        ("/administration/organisations?q=img", False),
        (f"/administration/organisations/{organisation_id}", True),
        ("/administration/connecteurs", False),
        (f"/administration/personnes?q={LINE}", True),
    ):
        seen.look(address, shows=shows)


def test_a_page_of_markup_that_was_handed_in_is_never_a_page_of_ours(client, told):
    """Whatever its name, it comes as data, sandboxed, to be kept."""
    import re

    client.set_cookie("dossier", told.token)
    listed = client.get(f"/mon-dossier/{told.reference}/fichiers").text
    address = re.search(r'href="(/mon-dossier/[^"]+/fichiers/[^"]+)"', listed)[1]
    answer = client.get(address)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "\n" not in answer.headers["Content-Disposition"]
