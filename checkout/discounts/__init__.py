"""Discounts: what they take off, who may have them, and how often."""
