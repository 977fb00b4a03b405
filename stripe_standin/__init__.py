"""A local process that speaks Stripe's HTTP API, for demonstrations and tests.

It imports nothing of the shop and the shop imports nothing of it: the two meet over HTTP only.
"""

API_VERSION = "2026-10-28.endive"
