"""Comments: posted by readers, decided by moderators, shown below articles."""
