"""The sheet of first gestures."""

import html

import pytest
from flask.testing import FlaskClient

from cyberdesk.strands.cyber.gestures import complete, load_gestures, pick, sheet
from cyberdesk.strands.cyber.taxonomy import QUESTION, load_attack_types


def test_the_sheet_of_a_ransomware_unplugs_without_switching_off() -> None:
    page = sheet(["ransomware"])
    assert {"unplug", "photo", "backups_offline"} <= {gesture.name for gesture in page.do}
    assert {"keep_on", "no_pay", "keep_traces"} <= {gesture.name for gesture in page.dont}


def test_people_come_first_on_every_sheet() -> None:
    for kind in set(load_attack_types()) - {QUESTION}:
        assert sheet([kind]).do[0].rank == 1
        assert "people_first" in {gesture.name for gesture in sheet([kind]).do[:3]}


def test_a_gesture_is_said_once_and_the_most_urgent_first() -> None:
    picked = pick(["notebook", "unplug", "notebook", "people_first"])
    assert [gesture.name for gesture in picked] == ["people_first", "unplug", "notebook"]


def test_machines_already_off_are_not_asked_to_stay_on() -> None:
    assert [gesture.name for gesture in pick(["keep_on", "leave_off"])] == ["leave_off"]


def test_the_sheet_completes_what_was_said_and_never_contradicts_it() -> None:
    names = [gesture.name for gesture in complete(["leave_off", "unplug"], ["ransomware"])]
    assert names[:2] == ["leave_off", "unplug"]
    assert "keep_on" not in names
    assert {"backups_offline", "no_pay"} <= set(names)
    assert len(names) == len(set(names))


def test_an_unknown_kind_is_an_error() -> None:
    with pytest.raises(KeyError):
        sheet(["meteorite"])


def test_gestures_can_be_read_in_one_breath() -> None:
    for gesture in load_gestures().gestures.values():
        for text in (gesture.text.fr, gesture.text.en):
            assert len(text) <= 120, f"{gesture.name}: {len(text)} characters, 120 at most"


def test_one_page_holds_the_sheet() -> None:
    for kind in load_attack_types():
        page = sheet([kind])
        assert len(page.do) + len(page.dont) <= 16, kind


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_first_page_says_the_strands_own_words(client: FlaskClient, language: str) -> None:
    page = client.get("/declarer", headers={"Accept-Language": language}).text
    words = html.unescape(page).replace("\u202f", " ").replace("\u00a0", " ")
    welcome = load_gestures().welcome
    for said in (welcome.title, welcome.alarm, welcome.at_once):
        assert said.say(language).replace("\u202f", " ") in words
