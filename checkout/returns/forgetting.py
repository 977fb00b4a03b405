"""Drop what buyers wrote and photographed, once a return is long over or its buyer leaves."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from checkout.models import ReturnPhoto
from checkout.models.returning import Return, ReturnQuerySet

# A buyer may come back to it for a while.
KEPT: Final = timedelta(days=180)
PER_RUN: Final = 200


def forget_old(*, at: datetime) -> int:
    """Drop words, photos and labels of returns that ended half a year ago; return how many."""
    old = Return.objects.filter(ended_at__lt=at - KEPT)
    has_photos = Exists(ReturnPhoto.objects.filter(return_of=OuterRef("pk")))
    has_words = Q(words__gt="") | Q(answer__gt="") | Q(label__isnull=False)
    kept = old.filter(has_words | has_photos)
    return forget(Return.objects.filter(pk__in=kept.values("pk")[:PER_RUN]))


@transaction.atomic
def forget(rows: ReturnQuerySet) -> int:
    """Drop words, photos and labels; what came back and what became of it stays."""
    pks = list(rows.values_list("pk", flat=True))
    ReturnPhoto.objects.filter(return_of__in=pks).delete()
    return Return.objects.filter(pk__in=pks).update(words="", answer="", label=None)
