"""Cases: the noun that every strand shares."""
