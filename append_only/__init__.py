"""Tables that the database itself lets grow but never change."""
