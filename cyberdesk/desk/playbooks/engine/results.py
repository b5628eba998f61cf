"""What became of an effect: done, failed, unknown, or lost with the worker that was at it."""

from cyberdesk.desk.playbooks.engine.begin import act, write_out
from cyberdesk.desk.playbooks.engine.flow import fail, finish
from cyberdesk.desk.playbooks.engine.machine import Machine
from cyberdesk.desk.playbooks.engine.questions import ask
from cyberdesk.desk.playbooks.engine.state import ON_EFFECT, Event, Instance
from cyberdesk.desk.playbooks.steps import Action

_MOST_LOSSES = 20


def resulted(m: Machine, event: Event) -> None:
    """Take `{path, ticket, outcome, class, output, code, message, permanent}`.

    Outcomes: `done`, `failed`, `unknown` (nobody can tell), `lost` (nobody was there to tell), and
    `not_done`, the answer to a check. The class of the action says what may be repeated.
    """
    path, one = event["path"], m.awaited(event, ON_EFFECT)
    if one is None:
        return
    match event["outcome"]:
        case "done":
            _done(m, path, one, event)
        case "failed":
            code, message = event.get("code", "failed"), event.get("message", "")
            attempt_failed(m, path, code, message, permanent=bool(event.get("permanent")))
        case "not_done":
            _again(m, path, one)
        case _:
            _unsure(m, path, one, event)


def _done(m: Machine, path: str, one: Instance, event: Event) -> None:
    step = m.step(one)
    assert isinstance(step, Action)
    write_out(m, one["ctx"], step.out, event.get("output"))
    finish(m, path)


def attempt_failed(m: Machine, path: str, code: str, message: str, *, permanent: bool) -> None:
    """Try again later, as the step's retry says, or fail."""
    one = m.steps[path]
    step = m.step(one)
    assert isinstance(step, Action)
    attempt = one.get("attempt", 1)
    if permanent or attempt >= step.retry.attempts or one.get("cancelled"):
        fail(m, path, code, message)
        return
    failure = {"code": code, "message": message[:500]}
    m.stand(path, "retrying", attempt=attempt + 1, failure=failure, asked=None)
    m.timer(path, "retry", m.now + step.retry.pause(attempt))


def _unsure(m: Machine, path: str, one: Instance, event: Event) -> None:
    """Whether it happened is not known: repeat, look, or have a person look, by its class."""
    repeatable = event.get("class")
    if repeatable == "checkable":
        act(m, path, check=True)
    elif repeatable != "idempotent":
        ask(m, path, "verify", "responder", message=event.get("message", ""))
    elif event["outcome"] == "lost":
        _again(m, path, one)
    else:
        code = event.get("code", "unknown")
        attempt_failed(m, path, code, event.get("message", ""), permanent=False)


def _again(m: Machine, path: str, one: Instance) -> None:
    """Repeat at once what was lost on our side; the attempt was not the other side's fault."""
    one["losses"] = one.get("losses", 0) + 1
    if one["losses"] > _MOST_LOSSES or one.get("cancelled"):
        fail(m, path, "lost", f"{_MOST_LOSSES}")
    else:
        act(m, path)
