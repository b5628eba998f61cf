"""People and what they hold: invitations, roles with their end, accounts that are closed."""
