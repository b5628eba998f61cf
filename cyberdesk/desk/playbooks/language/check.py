"""What can only be checked once the whole file is read: variables, outcomes, sources."""

from cyberdesk.desk.playbooks.conditions import mistakes
from cyberdesk.desk.playbooks.language.kinds import Test, closest
from cyberdesk.desk.playbooks.language.outline import Outline, StepSource
from cyberdesk.desk.playbooks.language.reading import Reading
from cyberdesk.desk.playbooks.language.standing import STEP
from cyberdesk.desk.playbooks.language.variables import Declared, walk
from cyberdesk.desk.playbooks.language.vocabulary import OUTCOMES


def check_steps(outline: Outline, declared: Declared, reading: Reading) -> None:
    """Tell every use of an undeclared variable or outcome, and conditions that make no sense."""
    for reference in reading.references:
        if reference.variable not in declared and reference.variable != STEP:
            near = closest(reference.variable, declared)
            reading.fault(
                "undefined-variable", reference.place, variable=reference.variable, near=near
            )
    for step in walk(outline):
        _step(step, outline, declared, reading.into("steps", step.key))


def check_sources(outline: Outline, reading: Reading) -> None:
    head = outline.head
    if not head.get("sources"):
        reading.fault("no-source", outline.steps.place)
    if head.get("created", "") > head.get("modified", "9"):
        reading.fault("modified-before-created", outline.steps.place)
    if outline.exception is None:
        reading.fault("no-exception", outline.steps.place)


def _step(step: StepSource, outline: Outline, declared: Declared, reading: Reading) -> None:
    for key in ("if", "while"):
        test = step.fields.get(key)
        if isinstance(test, Test):
            _condition(test, declared, reading)
    outcome = step.fields.get("end")
    known = {**OUTCOMES, **outline.head.get("outcomes", {})}
    if outcome is not None and outcome not in known:
        reading.fault("unknown-outcome", step.place, outcome=outcome, known=", ".join(known))
    if "no_it" in step.fields and declared.get("it_staff") is None:
        reading.fault("no-it-needs-variable", step.place)
    if step.kind == "switch":
        _switch(step, declared, reading)
    _written(step, declared, reading)
    _timing(step, reading)


def _condition(test: Test, declared: Declared, reading: Reading) -> None:
    for code, facts in mistakes(test.condition, declared):
        if code != "undefined-variable":
            reading.fault(f"condition-{code}", test.place, **facts)


def _switch(step: StepSource, declared: Declared, reading: Reading) -> None:
    variable = declared.get(step.fields.get("switch", ""))
    if variable is None or not variable.choices:
        return
    for case in step.fields.get("cases", {}):
        if case not in variable.choices:
            known = ", ".join(variable.choices)
            reading.fault("unknown-case", step.place, case=case, known=known)


def _written(step: StepSource, declared: Declared, reading: Reading) -> None:
    """Variables that the step writes must exist and be writable."""
    for name in step.fields.get("out", {}):
        variable = declared.get(name)
        if variable is None:
            reading.fault("undefined-variable", step.place, variable=name, near="")
        elif variable.constant or variable.fact:
            reading.fault("not-writable", step.place, variable=name)


def _timing(step: StepSource, reading: Reading) -> None:
    within = step.fields.get("within")
    if "since" in step.fields and within is None:
        reading.fault("since-without-within", step.place)
    if step.kind == "task" and "on_timeout" in step.fields and "timeout" not in step.fields:
        reading.fault("on-timeout-without-timeout", step.place)
