"""Every page for everyone: axe finds nothing, nothing scrolls sideways, nothing is said in the console.

One world, one browser, one load for each page: 320 and 1280 px wide, light and dark.
"""

import os
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask, url_for

from cyberdesk.core.jobs.beats import Pulse
from tests.journeys.looking import Looker, as_found, pictures_of
from tests.journeys.pages import NO_PAGE, Stop, stops
from tests.journeys.signing_in import signed_in
from tests.journeys.world import World, build

pytestmark = pytest.mark.journey

LETTERS = {
    "invited": ("invitation", "invitation"),
    "renewing": ("nouveau-mot-de-passe", "renewal"),
}
HOUSE = ("responder", "lead", "auditor", "admin", "commune", "elsewhere", "two cases")


def pages_of(app: Flask) -> set[str]:
    """Every endpoint that a person can open; the API's are listed in its own document."""
    return {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
        and (rule.endpoint in ("api.reference", "api.about") or not rule.rule.startswith("/api/"))
    }


class Doors:
    """A tab for each who looks, opened as they would come in."""

    def __init__(self, phone, desk, world: World) -> None:
        self.phone, self.desk, self.world = phone, desk, world
        self.open: dict[str, Looker] = {}

    def of(self, who: str) -> Looker:
        if who not in self.open:
            self.open[who] = Looker(self._come_in(who))
            self.open[who].page.set_default_timeout(30_000)
        return self.open[who]

    def _come_in(self, who: str):
        if who in HOUSE:
            return self.desk(self.world.people[who])
        page = self.phone()
        if who in LETTERS:  # their token leaves the address at once
            way, kind = LETTERS[who]
            page.goto(f"/{way}/{self.world.links[kind]}")
            return page
        tokens = {"declarant": self.world.ours.token, "drafting": self.world.draft.token}
        if token := tokens.get(who) or self.world.links.get(who):
            page.goto(f"/d/{token}")
        return page


def look(looker: Looker, stop: Stop, address: str) -> list[str]:
    answer = looker.page.goto(address)
    path = urlsplit(address).path
    if answer.status != stop.status or urlsplit(looker.page.url).path != path:
        looker.said.clear()
        return [f"answers {answer.status} at {looker.page.url}"]
    if stop.status != 200:
        looker.said = [said for said in looker.said if "Failed to load resource" not in said]
    return list(looker.faults())


def keep(looker: Looker, stop: Stop, number: int, picture) -> None:
    """Keep pictures of the page where these are wanted, and the documentation's."""
    folder = Path(os.environ.get("CYBERDESK_LOOK", ""))
    pictures_of(looker.page, folder, f"{number:03}-{stop.who}-{stop.endpoint}")
    if stop.picture:
        as_found(looker.page)
        picture(looker.page, stop.picture)


@pytest.mark.timeout(900)
def test_every_page_is_for_everyone(app, phone, site, picture):
    world, pulse = build(app), Pulse()
    doors, faults, seen = (
        Doors(phone, lambda person: signed_in(phone(), app, site, person), world),
        [],
        {"declarations.enter"},
    )
    with app.test_request_context():
        ways = [(stop, url_for(stop.endpoint, **stop.values)) for stop in stops(world)]
    only = os.environ.get("CYBERDESK_ONLY", "")
    for number, (stop, address) in enumerate(ways):
        seen.add(stop.endpoint)
        if only not in stop.endpoint:
            continue
        looker = doors.of(stop.who)
        pulse.beat()  # as of a sweeper that runs: pages say so when none does
        faults += [f"{stop.who} {address}: {fault}" for fault in look(looker, stop, address)]
        keep(looker, stop, number, picture)
    assert not faults, "\n" + "\n".join(dict.fromkeys(faults))
    assert pages_of(app) - seen - set(NO_PAGE) == set(), "pages nobody looks at: pages.py"
    assert set(NO_PAGE) - pages_of(app) == set(), "no longer routes: pages.py"
