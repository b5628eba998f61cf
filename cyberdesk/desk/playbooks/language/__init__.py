"""The YAML in which playbooks are written, and its way to CACAO 2.0."""
