"""OpenC2 1.0 over HTTPS: commands out, responses read, by the message forms of 1.0 and 1.1."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from cyberdesk.sdk import (
    BODY,
    Answer,
    Connector,
    ConnectorError,
    HttpCommand,
    Input,
    Reason,
    Repeat,
    Tested,
    action,
    both,
    calling,
    refusal,
)

# OpenC2 Language 1.0 §3.3.1.1. Those of the second line state how things shall be, or only look.
_ACTS = "scan restart cancel update create delete detonate restore copy investigate remediate"
_STATES = "query locate deny contain allow start stop set redirect"
_PLAIN = {
    "Content-Type": "application/openc2-cmd+json;version=1.0",
    "Accept": "application/openc2-rsp+json;version=1.0",
}
_WRAPPED = dict.fromkeys(("Content-Type", "Accept"), "application/openc2+json;version=1.0")
_ID = "X-Request-ID"


@dataclass(frozen=True, slots=True)
class Message:
    """The HTTP request that carries the command, and the command's action."""

    http: HttpCommand
    verb: str


class OpenC2(Connector):
    def test_connection(self) -> Tested:
        """Ask each consumer what it can do: `query features` has no effect (§4.1 there)."""
        said, body = [], b'{"action":"query","target":{"features":["versions"]}}'
        for one in self.context.settings["consumers"]:
            headers = {**_PLAIN, _ID: str(self.context.number)}
            answer = calling(self.context).request("POST", one, headers=headers, body=body)
            status = _response(answer).get("status", answer.status)
            said.append(f"{one}: {status}")
            if status in {401, 403}:
                return Tested(ok=False, said="; ".join(said), reason=Reason.LOGIN)
        return Tested(ok=True, said="; ".join(said))

    @action("send")
    def send(self, given: Input) -> Mapping[str, Any]:
        asked = self._message(given).http
        headers = {**asked.headers, **asked.secret}
        answer = calling(self.context).request(
            asked.method, asked.url, headers=headers, body=asked.content
        )
        told = _response(answer)
        status = told.get("status", answer.status)
        if not answer.ok or not 100 <= status < 300:
            raise _refused(answer, told)
        return {
            "status": status,
            "status_text": str(told.get("status_text", "")),
            "results": told.get("results") if isinstance(told.get("results"), dict) else {},
            "request_id": str(self.context.number),
            "body": answer.body[:BODY].decode(errors="replace"),
        }

    @action("show_send")
    def show_send(self, given: Input) -> Mapping[str, Any]:
        return {"text": self._message(given, rehearsed=True).http.shown()}

    @action("repeat_send")
    def repeat_send(self, given: Input) -> Repeat:
        lasting = self._message(given, rehearsed=True).verb in _STATES.split()
        folded = lasting or self.context.settings.get("folds")
        return Repeat.IDEMPOTENT if folded else Repeat.UNSAFE

    def _message(self, given: Input, *, rehearsed: bool = False) -> Message:
        """Return the command with the request_id of this effect, whatever it bore before."""
        asked = HttpCommand.read(given, methods=("POST",), rehearsed=rehearsed)
        asked.keep_within(self.context.settings["consumers"])
        number = str(self.context.number)
        told = _object(asked.content)
        wrapped = "body" in told
        command = _inside(told, "request") if wrapped else told
        verb = _judged(command)
        if wrapped:
            held = told.get("headers")
            told = {**told, "headers": {**(held if isinstance(held, dict) else {})}}
            told["headers"]["request_id"] = number
        usual = _WRAPPED if wrapped else _PLAIN
        kept = {n: v for n, v in asked.headers.items() if n.lower() != _ID.lower()}
        known = {name.lower() for name in kept}
        added = {name: value for name, value in usual.items() if name.lower() not in known}
        content = json.dumps(told, ensure_ascii=False).encode()
        return Message(
            replace(asked, headers={**kept, **added, _ID: number}, content=content), verb
        )


def _object(content: bytes) -> dict[str, Any]:
    try:
        told = json.loads(content)
    except ValueError as error:
        said = _no(f"the content is not JSON: {error}", f"le contenu n’est pas du JSON : {error}")
        raise said from error
    if not isinstance(told, dict):
        raise _no("the content is no JSON object", "le contenu n’est pas un objet JSON")
    return told


def _inside(told: Mapping[str, Any], what: str) -> dict[str, Any]:
    """Return the request or response of a message in the form of 1.1; {} when there is none."""
    found: Any = told
    for name in ("body", "openc2", what):
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}


def _judged(command: Mapping[str, Any]) -> str:
    verb, target = command.get("action"), command.get("target")
    known = f"{_ACTS} {_STATES}".split()
    if not isinstance(verb, str) or verb not in known:
        listed = ", ".join(sorted(known))
        raise _no(
            f"{verb!r} is no action of OpenC2: use one of {listed}",
            f"{verb!r} n’est pas une action OpenC2 : choisissez parmi {listed}",
        )
    if not isinstance(target, dict) or len(target) != 1:
        raise _no(
            'an OpenC2 command has one target: {"ipv4_net": "198.51.100.17/32"}',
            'une commande OpenC2 a une cible : {"ipv4_net": "198.51.100.17/32"}',
        )
    return verb


def _no(en: str, fr: str) -> ConnectorError:
    return ConnectorError(both(en, fr), again=False, reason=Reason.SETTINGS)


def _response(answer: Answer) -> dict[str, Any]:
    """Return the OpenC2 response in either form; {} when there is none, as after `none` asked."""
    try:
        told = json.loads(answer.body)
    except ValueError:
        return {}
    if not isinstance(told, dict):
        return {}
    found = _inside(told, "response") if "body" in told else told
    status = found.get("status")
    fits = isinstance(status, int) and 100 <= status < 600
    return found if fits else {name: found[name] for name in found if name != "status"}


def _refused(answer: Answer, told: Mapping[str, Any]) -> ConnectorError:
    """The response's own status counts where HTTP went well; else that of HTTP."""
    status = told.get("status", answer.status) if answer.ok else answer.status
    text = str(told.get("status_text", "")).encode()
    return refusal(replace(answer, status=status, body=text or answer.body))
