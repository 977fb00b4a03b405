"""Races: real server processes, many buyers at once, and each proof beside its counter-proof."""
