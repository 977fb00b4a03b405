"""How fast the shop answers, beside the least that Django and nginx can do on the same machine."""
