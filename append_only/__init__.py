"""Steps of migrations: tables that only grow but never change, and many tables at once."""
