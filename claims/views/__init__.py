"""Staff's screens of the claims check."""
