"""Sessions that customers of the demo have given: one waits, one came back."""

import datetime as dt

from accounts.models import User
from outbox.models import MailStatus, OutboundMail
from storefront.demo import content
from treatments import gifts, giving
from treatments.models import SessionPass
from treatments.spacing import clinic_day


def seed(at: dt.datetime) -> None:
    """Let customers give what the data file says; the mail of one that waits goes out today."""
    for number, facts in enumerate(content.facts("passes")["gift"]):
        _give(facts, number=number, at=at)


def _give(facts: content.Facts, *, number: int, at: dt.datetime) -> None:
    giver = User.objects.get(email=facts["customer"])
    passes = SessionPass.objects.owned_by(giver).filter(treatment__slug=facts["treatment"])
    given_at = at - dt.timedelta(hours=facts["hours_ago"])
    gift = giving.give(
        pass_id=passes.with_sessions_left().order_by("pk")[0].pk,
        sessions=facts["sessions"],
        card=giving.Card(
            giver_name=giver.name,
            recipient_name=facts["to"],
            recipient_email=facts["email"],
            message=facts["message"],
        ),
        mail_on=clinic_day(given_at),
        reference=f"demo:{number}",
        by=giver,
        at=given_at,
    )
    if "declined_after_hours" in facts:
        declined_at = given_at + dt.timedelta(hours=facts["declined_after_hours"])
        gifts.decline(gift_id=gift.pk, by=None, at=declined_at)
    # What givers were told went out in the past.
    told = OutboundMail.objects.filter(to=giver.email, event__startswith="gift_")
    told.filter(status=MailStatus.QUEUED).update(
        status=MailStatus.SENT, attempts=1, sent_at=given_at
    )
