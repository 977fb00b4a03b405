"""Let passes expire whose grace period is over; the worker's job."""

import datetime as dt

from treatments import ledger
from treatments.models import SessionPass
from treatments.spacing import clinic_day
from treatments.validity import GRACE_DAYS

AT_ONCE = 200


def expire_due(*, at: dt.datetime) -> int:
    """Write an entry for every pass that ran out with sessions left; return how many.

    Any number of workers may do so at once: an entry of one reference is written once. A pass that
    was extended after it expired has another last day, and can expire again.
    """
    before = clinic_day(at) - dt.timedelta(days=GRACE_DAYS)
    passes = SessionPass.objects.filter(expires_on__lt=before).with_sessions_left()
    expired = 0
    for row in passes.order_by("expires_on", "pk")[:AT_ONCE]:
        try:
            reference = f"expiry:{row.public_id}:{row.expires_on}"
            ledger.expire(pass_id=row.pk, reference=reference, by=None, at=at)
        except (ledger.NotExpiredYet, ledger.NothingToExpire, ledger.PassFrozen):
            continue  # Somebody was faster, or extended it in between; or a bank has to decide.
        expired += 1
    return expired
