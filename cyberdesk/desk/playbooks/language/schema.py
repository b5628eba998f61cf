"""The language as a JSON Schema (draft 2020-12), so that editors complete it and explain its keys.

It says what may stand where. What only the whole text shows (names, types, ways) the gate says.
`python -m cyberdesk.desk.playbooks.language.schema > playbooks/playbook.schema.json` writes the
file that editors outside use.
"""

import json
import sys
from typing import Any

from cyberdesk.core.text import Text, _, speak
from cyberdesk.desk.playbooks.language import shapes
from cyberdesk.desk.playbooks.language.kinds import schema_of

Schema = dict[str, Any]


def schema() -> Schema:
    """Return the schema of a whole playbook, its explanations in the language of the moment."""
    whole = schema_of(shapes.HEAD)
    steps = [_named(kind, schema_of(fields)) for kind, fields in shapes.STEPS.items()]
    names: Schema = {"pattern": r"^[a-z][a-z0-9_]{0,59}$"}
    # A step is what the first of these keys makes it: `while` has a `do`, `do` may have a `task`.
    step: Any = False
    for kind, described in reversed(list(zip(shapes.STEPS, steps, strict=True))):
        step = {"if": {"required": [kind]}, "then": described, "else": step}
    block = {
        "type": "object",
        "minProperties": 1,
        "propertyNames": names,
        "additionalProperties": {"$ref": "#/$defs/step"},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": str(_("Playbook of CyberDesk")),
        **_explained(whole),
        "$defs": {"block": block, "step": _explained(step)},
    }


def _named(kind: str, described: Schema) -> Schema:
    return {"title": kind, **described}


def _explained(part: Any) -> Any:
    """Return a schema with a sentence at each key that has one."""
    if isinstance(part, list):
        return [_explained(one) for one in part]
    if not isinstance(part, dict):
        return part
    made = {key: _explained(below) for key, below in part.items()}
    if "properties" in made:
        made["properties"] = {
            key: {"description": str(KEYS[key]), **below} if key in KEYS else below
            for key, below in made["properties"].items()
        }
    return made


KEYS: dict[str, Text] = {
    "playbook": _("Name of the playbook; in a step: the playbook that is called."),
    "title": _("What it is called, in French and English."),
    "summary": _("What is done, in one or two sentences."),
    "purpose": _("What it is for, in the words of CACAO."),
    "created": _("The day of its first version."),
    "modified": _("The day of this version."),
    "markings": _("Who may read it (TLP)."),
    "retention": _("How long the answers are kept: 5y."),
    "for": _("For which cases it is meant; in a wait: how long."),
    "priority": _("Among playbooks that fit as well, the smaller number is chosen."),
    "sources": _("What it was made from, with the day on which that was read."),
    "variables": _("What it remembers: answers, facts of the case, results."),
    "outcomes": _("How it can end, beside done, false_alarm and handed_over."),
    "branches": _("Pieces that several steps lead to by name."),
    "steps": _("What is done, in this order."),
    "exception": _("What is done when a failure has no other way out."),
    "task": _("What a person is to do; beside do or wait: what the step is called."),
    "who": _("Who does it."),
    "within": _("The deadline: 30m, 4h, 3d."),
    "since": _("The variable that the deadline counts from; else when the step begins."),
    "breach": _("The way taken when the deadline passes; the step stays open."),
    "why": _("Why it matters, for whoever does it."),
    "how": _("How it is done, one text for each gesture."),
    "avoid": _("What must not be done."),
    "evidence": _("What is kept as evidence."),
    "phone": _("What to say on the telephone."),
    "no_it": _("How it is done where nobody looks after the computers."),
    "ask": _("Questions; each answer becomes a variable."),
    "label": _("The question itself."),
    "choices": _("Possible answers, each with its text."),
    "decision": _("Only this person may answer, nobody for them."),
    "remind": _("When to remind: [1h, 4h]."),
    "timeout": _("How long it may take at most."),
    "on_timeout": _("The way taken when it took too long."),
    "impossible": _("The way taken when it cannot be done."),
    "unknown": _("The way taken when nobody knows; of a question: whether that may be said."),
    "approve": _("Who has to agree before it happens."),
    "undo": _("What takes it back when the playbook is cancelled."),
    "do": _("The action of a connector; in a while: what is done in each round."),
    "with": _("What is given to the action or playbook."),
    "out": _("What is kept of its result: variable: field."),
    "retry": _("How often, and how long after, it is tried again."),
    "once_per": _("Whether it happens once for the step, the run or the case."),
    "on_failure": _("The way taken when it fails."),
    "if": _("A condition: hosts > 5 or backups == false."),
    "then": _("Where it goes on."),
    "else": _("Where it goes on when the condition does not hold."),
    "switch": _("The variable whose value decides."),
    "cases": _("A way for each value."),
    "default": _("The way for every other value."),
    "parallel": _("Strands that run at the same time; it goes on when all have ended."),
    "while": _("A condition: the block is done again as long as it holds."),
    "max": _("How many rounds at most."),
    "wait": _("Waits for a time, a date in a variable, or a signal."),
    "until": _("The variable that holds the instant waited for."),
    "signal": _("The signal waited for, as programs or people name it."),
    "end": _("The playbook ends here, with this outcome."),
    "phase": _("The phase of the work, for lists and figures."),
    "delay": _("How long to wait before it begins."),
    "question": _("What a person is asked when the condition cannot be told."),
}


if __name__ == "__main__":
    speak("en")
    sys.stdout.write(json.dumps(schema(), indent=1, ensure_ascii=False) + "\n")
