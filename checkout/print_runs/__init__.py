"""Files over many orders that the worker makes: slips and documents on paper, and lists."""
