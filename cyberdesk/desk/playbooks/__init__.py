"""Playbooks: written in YAML, held as CACAO 2.0, run so that a case never stands still unseen."""
