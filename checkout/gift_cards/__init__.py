"""Gift cards: their codes, their ledger, and orders that are paid from them."""
