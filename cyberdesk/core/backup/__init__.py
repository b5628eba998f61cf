"""Backups: one file for the database and the encrypted files, and the way back."""
