"""Customers as staff see them: two accounts of one person side by side, and made one."""
