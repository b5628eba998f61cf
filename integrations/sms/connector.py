"""Text messages through an HTTP gateway, whatever the body that it asks for."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import urlencode
from uuid import uuid5

from cyberdesk.sdk import (
    Connector,
    ConnectorError,
    Input,
    Reason,
    Repeat,
    Tested,
    action,
    both,
    calling,
    refusal,
)

_PLACE = re.compile(r"\{(to|text|sender|reference)\}")
# 3GPP TS 23.038 §6.2.1: the basic alphabet, and its extension, each of whose signs counts twice.
_BASIC = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = set("\f^{}\\[~]|€")
# Typography alone is not worth a costlier alphabet.
_SIMPLER = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "…": "...", "–": "-", "—": "-"}
    | {"\u00a0": " ", "\u202f": " ", "\u2009": " ", "œ": "oe", "Œ": "OE", "\r": ""}
)
# Mobile numbers of the overseas departments look French from within, and are not from without.
_OVERSEAS = {
    **dict.fromkeys(("690", "691"), "590"),  # Guadeloupe
    "694": "594",  # Guyane
    **dict.fromkeys(("696", "697"), "596"),  # Martinique
    **dict.fromkeys(("692", "693", "639"), "262"),  # La Réunion, Mayotte
}
_FICTION = "63998"  # ARCEP keeps 06 39 98 for films and tests, amid the numbers of Mayotte
_KEPT = 500  # signs of each answer


class Length(NamedTuple):
    """How a text travels: in which alphabet, in how many parts, how much of the last is taken."""

    alphabet: str
    parts: int
    used: int
    room: int

    def __str__(self) -> str:
        return f"{self.parts} SMS, {self.alphabet}, {self.used}/{self.room}"


@dataclass(frozen=True, slots=True)
class Call:
    headers: Mapping[str, str]
    body: bytes


class Sms(Connector):
    def test_connection(self) -> Tested:
        """Ask for the headers of the address: no message leaves."""
        self._template()
        url = self.context.settings["url"]
        answer = calling(self.context).request("HEAD", url, headers=self._login())
        let_in = answer.status not in {401, 403}
        return Tested(let_in, f"{url}: {answer.status}", reason=Reason.LOGIN)

    @action("send")
    def send(self, given: Input) -> Mapping[str, Any]:
        """Send to each number, and return those that the gateway refused."""
        text, length = self._text(given)
        numbers = [e164(one) for one in given["to"]]
        self._template()
        refused: list[str] = []
        answers: list[str] = []
        for number in dict.fromkeys(numbers):
            try:
                answers.append(self._deliver(number, text))
            except ConnectorError as error:
                if answers or error.again or error.done is None or len(set(numbers)) == 1:
                    # Some have it: who tries again writes to them twice.
                    error.done = None if answers else error.done
                    raise
                refused.append(number)
        if not answers:
            listed = ", ".join(refused)
            raise ConnectorError(
                both(f"every number was refused: {listed}", f"tous les numéros refusés : {listed}"),
                again=False,
                reason=Reason.ANSWER,
            )
        return {"refused": refused, "parts": length.parts, "answers": answers}

    @action("show_send")
    def show_send(self, given: Input) -> Mapping[str, Any]:
        """Return the first number's call, and what it costs."""
        text, length = self._text(given)
        numbers = [e164(one) for one in given["to"]]
        call = self._call(numbers[0], text)
        header = self.context.settings.get("header", "Authorization")
        headers = {name: "…" if name == header else told for name, told in call.headers.items()}
        lines = [f"POST {self.context.settings['url']}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        others = "".join(f"\n+ {number}" for number in numbers[1:])
        return {"text": "\n".join([*lines, "", call.body.decode(), "", str(length)]) + others}

    @action("repeat_send")
    def repeat_send(self, given: Input) -> Repeat:  # noqa: ARG002  # each message is alike
        folds = self.context.settings.get("folds") and "reference" in self._template()
        return Repeat.IDEMPOTENT if folds else Repeat.UNSAFE

    def _deliver(self, number: str, text: str) -> str:
        settings, call = self.context.settings, self._call(number, text)
        answer = calling(self.context).request(
            "POST", settings["url"], headers=call.headers, body=call.body
        )
        if not answer.ok:
            raise refusal(answer)
        said = answer.body.decode(errors="replace")
        if settings.get("accepted", "") not in said:
            raise ConnectorError(
                both(
                    f"the gateway does not accept: {said[:_KEPT]}",
                    f"la passerelle n’accepte pas : {said[:_KEPT]}",
                ),
                again=False,
                reason=Reason.ANSWER,
            )
        return said[:_KEPT]

    def _text(self, given: Input) -> tuple[str, Length]:
        text = given["text"].translate(_SIMPLER).strip()
        if re.search(r"[\x00-\x09\x0b-\x1f\x7f]", text) or not text:
            raise _no(
                "the text is empty or holds control signs",
                "le texte est vide ou contient des signes de contrôle",
            )
        length, most = measured(text), self.context.settings.get("parts", 3)
        if length.parts > most:
            raise _no(
                f"{length}: at most {most} are sent. Shorten the text.",
                f"{length} : {most} au plus. Raccourcissez le texte.",
            )
        return text, length

    def _template(self) -> set[str]:
        """Return the places of the body. Raises ConnectorError where needed ones are missing."""
        settings = self.context.settings
        places = set(_PLACE.findall(json.dumps(settings["body"])))
        needed = {"to", "text"} | ({"reference"} if settings.get("folds") else set())
        if missing := needed - places:
            listed = ", ".join(f"{{{one}}}" for one in sorted(missing))
            raise _no(f"the body lacks {listed}", f"il manque {listed} dans le corps")
        return places

    def _login(self) -> dict[str, str]:
        settings, token = self.context.settings, self.context.secrets["token"]
        value = f"{settings.get('scheme', '')} {token}".strip()
        return {settings.get("header", "Authorization"): value}

    def _call(self, number: str, text: str) -> Call:
        settings = self.context.settings
        beginning = {"bare": "", "zeros": "00"}.get(settings.get("numbers", "plus"), "+")
        values = {
            "to": beginning + number.removeprefix("+"),
            "text": text,
            "sender": settings.get("sender", ""),
            "reference": str(uuid5(self.context.number, number)),
        }
        body = _filled(settings["body"], values)
        if settings.get("format") == "form":
            kind, raw = "application/x-www-form-urlencoded", urlencode(body, doseq=True)
        else:
            kind, raw = "application/json", json.dumps(body, ensure_ascii=False)
        return Call({**self._login(), "Content-Type": kind}, raw.encode())


def _filled(told: Any, values: Mapping[str, str]) -> Any:
    """Fill places once: what stands in a value is text, never a place. Empty ones fall away."""
    if isinstance(told, dict):
        empty = [f"{{{name}}}" for name, value in values.items() if not value]
        kept = {key: one for key, one in told.items() if one not in empty}
        return {key: _filled(one, values) for key, one in kept.items()}
    if isinstance(told, list):
        return [_filled(one, values) for one in told]
    if isinstance(told, str):
        return _PLACE.sub(lambda found: values[found[1]], told)
    return told


def e164(given: str) -> str:
    """Return the number as the world writes it: `06 39 98 12 34` is `+33639981234`."""
    number = re.sub(r"[\s.\-()/]", "", given.replace("(0)", ""))
    number = "+" + number[2:] if number.startswith("00") else number
    if re.fullmatch(r"0[1-9][0-9]{8}", number):
        number = "+33" + number[1:]
    if not re.fullmatch(r"\+[1-9][0-9]{7,14}", number, re.ASCII):
        raise _no(
            f"{given}: write a number as 06 39 98 12 34 or +33 6 39 98 12 34",
            f"{given} : écrivez un numéro comme 06 39 98 12 34 ou +33 6 39 98 12 34",
        )
    if not number.startswith("+33"):
        return number
    if not re.fullmatch(r"\+33[67][0-9]{8}", number):
        raise _no(
            f"{given}: no French mobile number, it takes no text message",
            f"{given} : ce n’est pas un mobile français, il ne reçoit pas de SMS",
        )
    known = "" if number[3:8] == _FICTION else number[3:6]
    return f"+{_OVERSEAS.get(known, '33')}{number[3:]}"


def measured(text: str) -> Length:
    """Count as the network does: 160 signs of GSM-7 or 70 of UCS-2, less in each of several."""
    plain = set(text) <= _BASIC | _EXTENDED
    alphabet, alone, each = ("GSM-7", 160, 153) if plain else ("UCS-2", 70, 67)
    sizes = [2 if (one in _EXTENDED if plain else ord(one) > 0xFFFF) else 1 for one in text]
    if sum(sizes) <= alone:
        return Length(alphabet, 1, sum(sizes), alone)
    parts, used = 1, 0
    for size in sizes:  # a sign of two is never torn apart
        if used + size > each:
            parts, used = parts + 1, 0
        used += size
    return Length(alphabet, parts, used, each)


def _no(en: str, fr: str) -> ConnectorError:
    return ConnectorError(both(en, fr), again=False, reason=Reason.SETTINGS)
