"""Batches: which pieces came in one go, until when they are sold, and which leave first."""
