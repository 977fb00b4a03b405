"""Passes that customers brought along on paper, and what staff have done with them."""

import datetime as dt

from accounts.models import User
from storefront.demo import content, people
from treatments import ledger
from treatments.models import LedgerEntry, SessionPass, Treatment
from treatments.spacing import clinic_day
from treatments.validity import ValidityRule

_REFERENCE = "demo:paper-card:"


def are_carried_over() -> bool:
    """Whether the cards are passes by now."""
    return LedgerEntry.objects.filter(reference__startswith=_REFERENCE).exists()


def carry_over(at: dt.datetime) -> None:
    """Add a pass for every card, then let staff pause one and put another right."""
    facts = content.facts("passes")
    for number, card in enumerate(facts["carried_over"]):
        _add_card(card, number=number, at=at - dt.timedelta(days=card["days_ago"]))
    for adjustment in facts["adjustment"]:
        moment = at - dt.timedelta(days=adjustment["days_ago"])
        ledger.adjust(
            pass_id=_pass_of(adjustment).pk,
            sessions=adjustment["sessions"],
            reference=f"demo:adjust:{adjustment['customer']}",
            note=adjustment["note"],
            by=people.manager(),
            at=moment,
        )
    for pause in facts["pause"]:
        _pause(pause, at=at - dt.timedelta(days=pause["days_ago"]))


def _add_card(card: content.Facts, *, number: int, at: dt.datetime) -> None:
    ledger.grant(
        owner=User.objects.get(email=card["customer"]),
        holder_email=card["customer"],
        treatment_id=Treatment.objects.get(slug=card["treatment"]).pk,
        sessions=card["sessions"],
        validity_rule=ValidityRule.FROM_PURCHASE,
        validity_days=card["valid_days"],
        reference=f"{_REFERENCE}{number}",
        reason="Carried over from your paper card",
        by=people.manager(),
        at=at,
    )


def _pause(pause: content.Facts, *, at: dt.datetime) -> None:
    ledger.pause(
        pass_id=_pass_of(pause).pk,
        from_on=clinic_day(at),
        until_on=clinic_day(at) + dt.timedelta(days=pause["days"]),
        reference=f"demo:pause:{pause['customer']}",
        reason="Paused as you asked",
        note=pause["note"],
        by=people.manager(),
        at=at,
    )


def _pass_of(facts: content.Facts) -> SessionPass:
    """Return the card of a customer."""
    cards = SessionPass.objects.filter(grant_reference__startswith=_REFERENCE)
    return cards.get(holder_email=facts["customer"])
