"""The customer's own pages: what one has, what was agreed, what is known of one."""
