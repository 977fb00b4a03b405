"""The process that forks others and kills them."""
