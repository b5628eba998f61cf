"""A connector for the chaos campaign: one action of each class, on a server that counts."""
