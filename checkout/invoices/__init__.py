"""Invoices and credit notes: numbered without a gap, kept as issued, drawn whenever asked for."""
