"""Reading the answer that a task's form sends. Its fields follow from the task's questions."""

from collections.abc import Mapping
from typing import Any

from flask import request

from cyberdesk.core.web.forms import refuse_unknown
from cyberdesk.desk.tasks.models import Task

PREFIX = "q-"


def read_form(task: Task) -> dict[str, Any]:
    """Return {answer, values, words} of the form sent for `task`; unknown fields are refused."""
    questions: Mapping[str, Any] = task.content.get("questions") or {}
    refuse_unknown({"answer", "words", "back", *(PREFIX + name for name in questions)})
    given = {name: request.form.get(PREFIX + name) for name in questions}
    return {
        "answer": request.form.get("answer", ""),
        "values": {name: value for name, value in given.items() if value is not None},
        "words": request.form.get("words", "").strip(),
    }
