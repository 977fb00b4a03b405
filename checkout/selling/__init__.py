"""Orders that staff make for somebody, and money that they take and hand back themselves."""
