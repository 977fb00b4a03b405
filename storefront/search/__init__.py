"""The shop's search: what was asked, what is found, why, and what staff say about it."""
