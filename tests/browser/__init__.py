"""The whole shop in a browser: what a visitor sees and does, through real processes."""
