"""Products, offers, prices, stock and facts from a file, and back into one."""
