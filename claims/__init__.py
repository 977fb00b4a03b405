"""What a public text may say: sentences that read as medicinal or unproven claims are found.

The engine (`engine`, `packs`, `patterns`, `contexts`, `words`, `sentences`, `readability`) knows
neither Django nor the database. The rules are data, in `packs/`.
"""
