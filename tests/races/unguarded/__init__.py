"""The guards of the shop taken off one at a time, to show that the proofs would notice."""
