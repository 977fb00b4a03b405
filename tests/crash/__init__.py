"""Crashes: a process is killed at every step of a purchase, and nothing is lost or doubled."""
