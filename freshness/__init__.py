"""Which facts changed and which answers showed them, so that a kept page is never an old one."""
