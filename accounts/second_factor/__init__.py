"""The second factor of those who work here: something they have, beside what they know."""
