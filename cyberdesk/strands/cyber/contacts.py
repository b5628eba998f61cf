"""Who to call: the directory that the printed sheet and the clocks refer to."""

from functools import cache

from pydantic import model_validator

from cyberdesk.strands.cyber.content import Name, Sourced, Text, read
from cyberdesk.strands.cyber.questionnaire.rules import Answers, When


class Contact(Sourced):
    """Someone to call. `local`: known on site only, printed as a line to fill in, unless told.

    `when`: the answers that make the call useful; without it, it always is. `told_by` names the
    questions that say a local contact’s name and number.
    """

    name: Name
    label: Text
    what: Text
    hours: Text | None = None
    phone: str | None = None
    email: str | None = None
    url: str | None = None
    local: bool = False
    when: When | None = None
    told_by: tuple[Name, ...] = ()

    @model_validator(mode="after")
    def _reachable_or_local(self) -> "Contact":
        if self.local and (self.phone or self.email or self.url):
            raise ValueError("a local contact has no number of ours")
        if self.told_by and not self.local:
            raise ValueError("only a local contact is told by the declaration")
        return self

    def told(self, answers: Answers) -> tuple[str, str]:
        """Return the name and the number that the declaration gave for it, empty where none."""
        said = [answers.get(question) for question in self.told_by]
        name, number = (*(one if isinstance(one, str) else "" for one in said), "", "")[:2]
        return name, number


@cache
def load_contacts() -> dict[str, Contact]:
    return {
        name: Contact.model_validate({"name": name, **entry})
        for name, entry in read("contacts.yaml").items()
    }


def whom_to_call(answers: Answers) -> list[Contact]:
    """Return those whom these answers make it useful to call, in the order of the directory."""
    contacts = load_contacts().values()
    return [one for one in contacts if one.when is None or one.when.holds(answers)]
