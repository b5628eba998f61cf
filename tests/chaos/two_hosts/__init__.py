"""Two hosts share the work of one database; one of them vanishes (`make hosts`)."""
