"""What a new playbook begins with: short, and it passes the gate as soon as it is filled in."""

from cyberdesk.core import clock
from cyberdesk.core.text import Text, _
from cyberdesk.desk.playbooks.language.vocabulary import TEMPLATE_NAME

_TEXT = """\
# {about}
playbook: {name}                # {on_name}
title: {{fr: "{title}", en: "{title}"}}
summary: {{fr: "{summary}", en: "{summary}"}}
purpose: [mitigation]           # {on_purpose}
created: {today}
modified: {today}
markings: TLP:CLEAR             # {on_markings}
retention: 5y                   # {on_retention}
sources:                        # {on_sources}
  - title: "{source}"
    verified_on: {today}

steps:
  first:                        # {on_step}
    task: {{fr: "{task}", en: "{task}"}}
    who: responder              # commune, provider, responder, lead, mayor, dpo
    within: 1h                  # {on_within}
    how:
      - {{fr: "{how}", en: "{how}"}}

# {on_exception}
exception:
  take_over:
    task: {{fr: "{take_over}", en: "{take_over}"}}
    who: lead
"""
_WORDS: dict[str, Text] = {
    "about": _("A playbook: keys are English, texts are French and English."),
    "on_name": _("its name for machines: small letters, digits and _"),
    "title": _("What it is about"),
    "summary": _("What is done, in one or two sentences"),
    "on_purpose": _("or investigation, remediation, notification…"),
    "on_markings": _("who may read it: CLEAR, GREEN, AMBER, RED"),
    "on_retention": _("how long answers are kept"),
    "on_sources": _("what it is made from, and when you read it there"),
    "source": _("Our own experience"),
    "on_step": _("the name of a step; the next step goes below, at the same depth"),
    "task": _("What is to be done"),
    "on_within": _("the deadline, counted from when the step begins"),
    "how": _("How it is done, one line for each gesture"),
    "on_exception": _("Who takes over when a step fails and nothing else is said."),
    "take_over": _("Take over by hand"),
}


def starter(name: str = TEMPLATE_NAME) -> str:
    """Return the text of a new playbook, its comments in the language of the moment.

    Under the name that it has here it cannot be published: its author gives it one.
    """
    words = {key: str(said) for key, said in _WORDS.items()}
    return _TEXT.format(name=name, today=f"{clock.now():%Y-%m-%d}", **words)
