"""Who may what: the shop's roles in one table, and the groups that are kept by it."""
