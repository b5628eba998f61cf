"""Playbooks in and out of the house: CACAO 2.0 files, their secrets, their signatures."""
