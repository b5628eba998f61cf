"""Who to call: the directory that the printed sheet and the clocks refer to."""

from functools import cache

from pydantic import model_validator

from cyberdesk.strands.cyber.content import Name, Sourced, Text, read


class Contact(Sourced):
    """Someone to call. `local`: known on site only, printed as a line to fill in."""

    name: Name
    label: Text
    what: Text
    hours: Text | None = None
    phone: str | None = None
    email: str | None = None
    url: str | None = None
    local: bool = False

    @model_validator(mode="after")
    def _reachable_or_local(self) -> "Contact":
        if self.local and (self.phone or self.email or self.url):
            raise ValueError("a local contact has no number of ours")
        return self


@cache
def load_contacts() -> dict[str, Contact]:
    return {
        name: Contact.model_validate({"name": name, **entry})
        for name, entry in read("contacts.yaml").items()
    }
