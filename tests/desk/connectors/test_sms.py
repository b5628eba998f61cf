"""`sms.send` against a real gateway, numbers as people write them, lengths as the network counts."""

import json
import sys
from urllib.parse import parse_qs

import pytest

from cyberdesk.core.connector import ConnectorError, Reason, Repeat
from cyberdesk.core.db import atomic
from cyberdesk.core.errors import InvalidError
from cyberdesk.core.text import speaking
from cyberdesk.desk.connectors import service
from cyberdesk.desk.connectors.catalogue import catalogue
from tests.desk.connectors.web_server import web_server

BODY = {"to": "{to}", "text": "{text}", "sender": "{sender}"}
REFERENCED = {"messages": [{"to": ["{to}"], "text": "{text}", "ref": "cd-{reference}"}], "n": 1}


@pytest.fixture
def gateway(admin):
    with web_server() as site:
        set_up(admin, site)
        yield site


def set_up(admin, site, body=BODY, **more):
    given = {
        "url": f"{site.url}/sms",
        "token": "hush-hush",
        "header": "Authorization",
        "scheme": "Bearer",
        "body": body,
        **more,
    }
    with atomic(admin.scope):
        service.configure(admin, "sms", given=given, enabled=True)


def ready(to=("06 39 98 12 34",), text="Une information vous attend.", key="k", exercise=False):
    given = {"to": list(to), "text": text}
    return service.prepare("sms.send", given, key=key, exercise=exercise)


def failure(made):
    with pytest.raises(ConnectorError) as caught:
        made.perform()
    return caught.value


def module():
    catalogue()["sms"].kind()
    return sys.modules["cyberdesk_connector_sms"]


def test_a_message_reaches_each_number_once(gateway, admin):
    set_up(admin, gateway, sender="CyberDesk")
    gateway.say(202, {"id": "m1"})
    output = ready(["06 39 98 12 34", "+33 (0)6.39.98.12.34", "0692 12 34 56"]).perform()
    assert output == {"refused": [], "parts": 1, "answers": ['{"id": "m1"}'] * 2}
    sent = [json.loads(asked.body) for asked in gateway.seen]
    assert [one["to"] for one in sent] == ["+33639981234", "+262692123456"]
    assert sent[0] == {
        "to": "+33639981234",
        "text": "Une information vous attend.",
        "sender": "CyberDesk",
    }
    assert gateway.seen[0].headers["authorization"] == "Bearer hush-hush"


def test_what_is_written_is_never_taken_for_a_place(gateway):
    text = 'to {to}, "quoted" {sender} \\n'
    ready(text=text).perform()
    assert json.loads(gateway.seen[0].body) == {"to": "+33639981234", "text": text.strip()}


def test_a_gateway_may_want_form_fields_and_a_header_of_its_own(gateway, admin):
    more = {"format": "form", "numbers": "bare", "header": "X-Api-Key", "scheme": ""}
    set_up(admin, gateway, {"dest[]": ["{to}"], "msg": "{text}", "from": "{sender}"}, **more)
    ready(text="à & b").perform()
    [asked] = gateway.seen
    assert parse_qs(asked.body.decode()) == {"dest[]": ["33639981234"], "msg": ["à & b"]}
    assert asked.headers["x-api-key"] == "hush-hush"
    assert asked.headers["content-type"] == "application/x-www-form-urlencoded"


def test_it_may_be_repeated_only_where_the_gateway_folds_a_reference(gateway, admin):
    assert ready().repeat is Repeat.UNSAFE
    set_up(admin, gateway, REFERENCED)
    assert ready().repeat is Repeat.UNSAFE
    set_up(admin, gateway, REFERENCED, folds=True)
    assert ready().repeat is Repeat.IDEMPOTENT
    for key in ("k", "k", "l"):
        ready(key=key).perform()
    one, again, other = [json.loads(asked.body)["messages"][0]["ref"] for asked in gateway.seen]
    assert (one == again, one == other, one.startswith("cd-")) == (True, False, True)
    set_up(admin, gateway, folds=True)
    assert ready().repeat is Repeat.UNSAFE
    error = failure(ready())
    assert (error.reason, "{reference}" in str(error)) == (Reason.SETTINGS, True)


def test_refused_numbers_are_told_and_a_break_half_way_is_unknown(gateway):
    answers = {"+33600000001": 400, "+33600000002": 503}

    def answer(asked):
        return answers.get(json.loads(asked.body)["to"], 200), {}, b"said"

    gateway.answers = answer
    output = ready(["0600000001", "0639981234"]).perform()
    assert (output["refused"], output["answers"]) == (["+33600000001"], ["said"])
    assert failure(ready(["0639981234", "0600000002"])).done is None
    busy = failure(ready(["0600000002", "0639981234"]))
    assert (busy.done, busy.again) == (False, True)
    wrong = failure(ready(["0600000001"]))
    assert (wrong.done, wrong.again) == (False, False)


def test_an_answer_may_have_to_say_that_it_accepts(gateway, admin):
    set_up(admin, gateway, accepted='"status":"ok"')
    gateway.say(200, b'{"status":"no credit"}')
    error = failure(ready())
    assert (error.done, "no credit" in str(error)) == (False, True)
    gateway.say(200, b'{"status":"ok"}')
    assert ready().perform()["answers"] == ['{"status":"ok"}']


def test_a_lost_answer_is_unknown(gateway):
    def hang_up(_asked):
        raise ConnectionResetError

    gateway.answers = hang_up
    assert failure(ready()).done is None


def test_a_rehearsal_shows_the_message_and_its_cost_and_sends_nothing(gateway, admin):
    assert "exercice" in str(failure(ready(exercise=True)))
    given = {"to": ["0639981234", "0692123456"], "text": "L’accès est coupé…"}
    with atomic(admin.scope):
        shown = service.show(admin, "sms", action="send", given=given)
        with pytest.raises(InvalidError, match="4 SMS, UCS-2"):
            service.show(admin, "sms", action="send", given=given | {"text": "ê" * 240})
    assert shown.endswith("1 SMS, GSM-7, 20/160\n+ +262692123456")
    assert "L'accès est coupé..." in shown
    assert "Authorization: …" in shown
    assert gateway.seen == []


def test_trying_it_sends_no_message(gateway, admin):
    for status, ok in [(405, True), (401, False)]:
        gateway.say(status)
        with atomic(admin.scope):
            assert service.test_connection(admin, "sms").ok is ok
    assert {asked.method for asked in gateway.seen} == {"HEAD"}
    set_up(admin, gateway, {"to": "{to}"})
    with atomic(admin.scope):
        tested = service.test_connection(admin, "sms")
    assert (tested.reason, "{text}" in tested.said) == (Reason.SETTINGS, True)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("06 39 98 12 34", "+33639981234"),
        ("06.39-98/12\u00a034", "+33639981234"),
        ("0033 6 39 98 12 34", "+33639981234"),
        ("+33 (0)6 39 98 12 34", "+33639981234"),
        ("0690 12 34 56", "+590690123456"),
        ("0694123456", "+594694123456"),
        ("0696123456", "+596696123456"),
        ("0639012345", "+262639012345"),
        ("+32 470 12 34 56", "+32470123456"),
        ("+687 75 12 34", "+68775" + "1234"),
    ],
)
def test_numbers_become_those_of_the_world(written, number):
    assert module().e164(written) == number


@pytest.mark.parametrize(
    ("written", "french", "english"),
    [
        ("01 39 98 12 34", "mobile français", "no French mobile"),
        ("+33 9 39 98 12 34", "mobile français", "no French mobile"),
        ("+336399812345", "mobile français", "no French mobile"),
        ("33639981234", "écrivez un numéro", "write a number"),
        ("3615", "écrivez un numéro", "write a number"),
        ("06 39 98 12 34\r\nX", "écrivez un numéro", "write a number"),
        ("+٣٣٦٣٩٩٨١٢٣٤", "écrivez un numéro", "write a number"),
        ("+1234567890123456", "écrivez un numéro", "write a number"),
    ],
)
def test_what_takes_no_message_is_told_in_both_languages(written, french, english):
    with pytest.raises(ConnectorError) as caught:
        module().e164(written)
    assert french in str(caught.value)
    with speaking("en"):
        assert english in str(caught.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a" * 160, "1 SMS, GSM-7, 160/160"),
        ("a" * 161, "2 SMS, GSM-7, 8/153"),
        ("é" * 306, "2 SMS, GSM-7, 153/153"),
        ("€" * 80, "1 SMS, GSM-7, 160/160"),
        ("€" * 81, "2 SMS, GSM-7, 10/153"),  # 76 of two in 153, one place stays empty
        ("ê" * 70, "1 SMS, UCS-2, 70/70"),
        ("ê" * 71, "2 SMS, UCS-2, 4/67"),
        ("🔒" * 35, "1 SMS, UCS-2, 70/70"),
        ("🔒" * 36, "2 SMS, UCS-2, 6/67"),
        ("[]{}", "1 SMS, GSM-7, 8/160"),
    ],
)
def test_the_length_is_what_the_network_counts(text, told):
    assert str(module().measured(text)) == told


@pytest.mark.parametrize("text", ["a\x00b", "a\tb", " \n ", "\u202f"])
def test_control_signs_and_nothing_are_refused(gateway, text):
    assert failure(ready(text=text)).reason is Reason.SETTINGS
    assert gateway.seen == []
