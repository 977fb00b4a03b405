"""Counting the shelf: two people at once, while goods come and go."""
