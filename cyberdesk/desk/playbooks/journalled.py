"""How the journal calls what is done with playbooks and their runs."""

from cyberdesk.core.text import _

ACTS = {
    "playbook:publish": _("Playbook published"),
    "playbook:retire": _("Playbook retired"),
    "draft:begin": _("Draft of a playbook begun"),
    "draft:change": _("Draft of a playbook changed"),
    "draft:drop": _("Draft of a playbook thrown away"),
    "publisher:trust": _("Key of a publisher of playbooks trusted"),
    "publisher:distrust": _("Key of a publisher of playbooks trusted no more"),
    "publisher:renew": _("Signing key for playbooks renewed"),
    "secret:keep": _("Secret for playbooks kept"),
    "run:start": _("Playbook begun"),
    "run:answer": _("Playbook: an answer taken in"),
    "run:result": _("Playbook: a result taken in"),
    "run:facts": _("Playbook: new facts taken in"),
    "run:tick": _("Playbook: its time has come to go on"),
    "run:signal": _("Playbook: a signal taken in"),
    "run:pause": _("Playbook paused"),
    "run:resume": _("Playbook resumed"),
    "run:cancel": _("Playbook cancelled"),
    "run:stop": _("Playbook stopped with its case"),
    "run:joined": _("Playbook: told whether another run is at it"),
    "run:rejoin": _("Playbook: told that another run has ended something"),
    "run:migrate": _("Playbook taken over to another version"),
    "run:skip": _("Step of the playbook skipped"),
    "run:retry": _("Step of the playbook tried again"),
    "run:redo": _("Step of the playbook done again"),
    "run:settle": _("Step of the playbook settled by a person"),
}

# What an entry is about, by the table that it is a row of.
SUBJECTS = {
    "playbook_runs": _("Run of a playbook"),
    "playbook_versions": _("Playbook"),
    "playbook_drafts": _("Draft of a playbook"),
    "playbook_secrets": _("Secret for playbooks"),
    "playbook_publishers": _("Key of a publisher of playbooks"),
}
