"""Who works while things break: people in town halls who declare and answer, one on the desk.

What a page has acknowledged is written down here; the ledger holds the house to it.
"""

import itertools
import random
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from tests.chaos.books import Books, Verification
from tests.chaos.far_end import FarEnd
from tests.chaos.visitor import Browser, GivenUpError, Page

_REFERENCE = re.compile(r"CD-[0-9A-Z]{3}-[0-9A-Z]{3}")
_FORM = re.compile(
    r'<form[^>]*action="(/mon-dossier/[^"]+/a-faire/([0-9a-f-]{36}))"(.*?)</form>', re.DOTALL
)
_SCREENS = {
    "chaos": {"sees": {"sees": "unknown"}, "reach": {"callback_phone__unknown": "1"}},
    "ransomware": {
        "sees": {"sees": ["ransom_note", "nothing_opens"]},
        "reach": {"callback_phone": "06 39 98 12 34", "callback_name": "Nadia Essai"},
        "scope": {"machines": "all", "servers": "yes"},
    },
}
_MOST_ANSWERS = {"chaos": 2, "ransomware": 4}  # the chaos playbook asks twice
_AT_ONCE = 3  # cases that one town hall looks after at the same time
_READS = 1.0  # seconds between two looks at a page
_SILENT = 20.0  # seconds without a question until a town hall leaves a case to the desk
_HURRY = 8.0  # seconds before the desk answers: the frozen have thawed by then


@dataclass
class Acknowledged:
    """A declaration that a page said was taken."""

    reference: str
    words: str
    playbook: str
    browser: Browser
    answers: list[UUID] = field(default_factory=list)  # tasks whose answer was acknowledged
    closed: set[UUID] = field(
        default_factory=set
    )  # those, and what a page said was answered before
    asked_at: float = field(default_factory=time.monotonic)  # when a question was last there


class Town:
    """Town halls that declare until `close`, then only finish what they have begun."""

    def __init__(self, address: str, people: int, seed: int) -> None:
        self.told: list[Acknowledged] = []
        self.mishaps: list[str] = []
        self.undisturbed = ""  # reference
        self._address, self._over = address, threading.Event()
        self._under_way = [0] * people
        self._closing = threading.Event()
        self._crew = [
            threading.Thread(target=self._live, args=(n, random.Random(f"{seed}/{n}")))
            for n in range(people)
        ]

    def open(self) -> None:
        for one in self._crew:
            one.start()

    def under_way(self) -> int:
        """Count the declared cases whose playbook of the campaign is not at its end."""
        return sum(self._under_way)

    def close(self, within: float) -> None:
        """Let nobody declare anew; return when all have finished, or after `within` seconds."""
        self._closing.set()
        end = time.monotonic() + within
        for one in self._crew:
            one.join(max(end - time.monotonic(), 0.1))
        self._over.set()
        for one in self._crew:
            one.join()

    def declare_undisturbed(self, within: float) -> None:
        """Declare once more, now that nothing breaks, and see it through: what the others must be."""
        chance, self._over = random.Random(0), threading.Event()
        end = time.monotonic() + within
        told = self._declare("undisturbed", "chaos", chance)
        self.undisturbed = told.reference
        while not self._finished(told, chance):
            if time.monotonic() > end:
                self.mishaps.append("the undisturbed case was never finished")
                return
            time.sleep(_READS)

    def _live(self, number: int, chance: random.Random) -> None:
        """Declare now and then, and look after each case until all of its tasks are answered."""
        mine: list[Acknowledged] = []
        try:
            for count in itertools.count():
                if not self._closing.is_set() and len(mine) < _AT_ONCE:
                    playbook = "ransomware" if chance.random() < 0.25 else "chaos"
                    mine.append(self._declare(f"{number}-{count}", playbook, chance))
                elif not mine:
                    return
                mine = [told for told in mine if not self._finished(told, chance)]
                self._under_way[number] = sum(told.playbook == "chaos" for told in mine)
                if self._over.wait(_READS):
                    self.mishaps += [f"{told.reference} was never finished" for told in mine]
                    return
        except GivenUpError:
            self.mishaps.append("a page never came back")
        except Exception as error:  # what nobody foresaw is a promise broken as well
            self.mishaps.append(f"{type(error).__name__}: {error}")

    def _browser(self, chance: random.Random) -> Browser:
        network = ".".join(str(chance.randrange(1, 250)) for _ in range(4))
        return Browser(self._address, network, self._over.is_set)

    def _declare(self, name: str, playbook: str, chance: random.Random) -> Acknowledged:
        browser, words = self._browser(chance), f"Essai {name} {chance.getrandbits(40):x}"
        browser.get("/declarer")
        typed = {"organisation": "other", "organisation_text": f"Commune d’essai {name}"}
        _passed(browser.send("/declarer", typed))
        for page, fields in (*_SCREENS[playbook].items(), ("support", {"words": words})):
            _passed(browser.send(f"/declarer/etape/{page}", fields))
        _passed(browser.send("/declarer/relire", {}))
        thanks = browser.get("/declarer/merci")
        found = _REFERENCE.search(thanks.text)
        assert found, f"no reference on {thanks.address} ({thanks.status})"
        told = Acknowledged(found[0], words, playbook, browser)
        self.told.append(told)
        return told

    def _finished(self, told: Acknowledged, chance: random.Random) -> bool:
        """Answer what is asked now; say whether there is nothing more to do.

        The shipped playbook also waits for the desk, which answers only what it must verify: such
        a case is left alone after a while, or the town halls would soon have no hand free.
        """
        page = told.browser.get(f"/mon-dossier/{told.reference}/a-faire")
        for address, task_id, fields in _forms(page.text):
            told.asked_at = time.monotonic()
            said = "done" if told.playbook == "chaos" else chance.choice(["done", "unknown"])
            sent = told.browser.send(address, fields | {"answer": said})
            if sent.status == 303:
                told.answers.append(task_id)
            if sent.status in (303, 409):  # the first press counted, and nobody was told of it
                told.closed.add(task_id)
        if len(told.closed) >= _MOST_ANSWERS[told.playbook]:
            return True
        silent = time.monotonic() - told.asked_at > _SILENT
        return told.playbook != "chaos" and (silent or self._closing.is_set())


def _forms(text: str) -> Iterator[tuple[str, UUID, dict[str, str]]]:
    """Yield each task that may be answered: where to send, its id, what is asked."""
    for found in _FORM.finditer(text):
        asked = {"q-told": "5"} if 'name="q-told"' in found[3] else {}
        yield found[1], UUID(found[2]), asked


def _passed(page: Page) -> None:
    assert page.status in (302, 303), f"{page.address} answered {page.status}"


class Desk:
    """A responder who answers what the engine cannot know, after looking at the far end."""

    def __init__(self, address: str, books: Books, far: FarEnd) -> None:
        self.answered, self.mishaps = 0, list[str]()
        self._books, self._far, self._over = books, far, threading.Event()
        self._browser = Browser(address, "127.0.0.1", self._over.is_set)
        self._thread = threading.Thread(target=self._work)

    def open(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._over.set()
        self._thread.join()

    def _work(self) -> None:
        while not self._over.wait(_READS):
            try:
                for one in self._books.to_verify(older_than=_HURRY):
                    self._answer(one)
            except GivenUpError:
                return
            except Exception as error:  # told in the ledger; others still wait
                self.mishaps.append(f"{type(error).__name__}: {error}")

    def _answer(self, one: Verification) -> None:
        self._sign_in()
        happened = self._far.count(one.kind, one.counted_as) > 0
        self._browser.get(f"/desk/tasks/{one.task_id}")
        said = {"answer": "done" if happened else "not_done"}
        sent = self._browser.send(f"/desk/tasks/{one.task_id}", said)
        self.answered += sent.status == 303

    def _sign_in(self) -> None:
        if self._browser.get("/desk").path == "/desk":
            return
        cast = self._browser.get("/demo").text
        door = re.search(
            r'action="(/demo/[0-9a-f-]{36})"(?:(?!</form>).)*?Camille Roux', cast, re.DOTALL
        )
        assert door, "no responder in the demo"
        _passed(self._browser.send(door[1], {}))
