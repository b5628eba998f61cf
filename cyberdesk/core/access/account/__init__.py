"""A person's own account: how they sign in, where from, and the tokens they made."""
