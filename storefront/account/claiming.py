"""What was bought as a guest goes to the account that has proved the address."""

import datetime as dt

from accounts.person import Person
from checkout import ownership
from treatments import ledger


def claim_all(person: Person, *, at: dt.datetime) -> None:
    """Take in the orders and passes that were bought as a guest under a person's addresses."""
    for email in person.emails:
        ownership.claim_orders(user=person.user, email=email, at=at)
    # Orders are locked before any pass.
    for email in person.emails:
        ledger.claim_passes(user=person.user, email=email, at=at)
