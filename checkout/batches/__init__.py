"""Batches in parcels: which batch went to whom, and how to reach them when it is called back."""
