"""Goods that come back: asked for, decided, taken in, inspected, and paid back or exchanged."""
