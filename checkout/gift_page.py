"""What the page of a gift shows its recipient: what it is, how it stands, and the ways on."""

from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from checkout import gift_instead, suitability_page
from checkout.pass_cards import pass_cards
from treatments import gifts
from treatments.models import (
    Gift,
    GiftStatus,
    QuestionnaireVersion,
    SessionPass,
    SuitabilityCheck,
)
from treatments.spacing import clinic_day

# The browser that took a gift's check; nobody else with the link is told why it came out so.
_COOKIE: Final = "galea_gift_check"
_REMEMBERED_SECONDS: Final = 24 * 60 * 60


def state_of(gift: Gift, *, at: datetime) -> str:
    """Say how a gift stands: accepted, exchanged, over, ready, check, or as its check stands."""
    if gift.status in {GiftStatus.ACCEPTED, GiftStatus.EXCHANGED}:
        return gift.status.lower()
    if not gift.is_waiting or clinic_day(at) > gift.ends_on:
        return "over"
    if gifts.is_known_to_suit(gift, at=at):
        return "ready"
    if gift.suitability_check is None:
        return "check"
    return suitability_page.state_of(gift.suitability_check, at=at)


def gift_context(gift: Gift, *, request: HttpRequest, at: datetime) -> dict[str, Any]:
    """Return the template context of a gift's page."""
    treatment, check = gift.session_pass.treatment, gift.suitability_check
    version = QuestionnaireVersion.objects.newest_of(treatment.pk)
    ways = suitability_page.ways_on(version, request=request, at=at) if version else {}
    received = SessionPass.objects.filter(received_as=gift)
    state = state_of(gift, at=at)
    is_waiting = state not in {"accepted", "exchanged", "over"}
    return {
        **ways,
        "gift": gift,
        "giver": gift.giver_name or "Somebody",
        "treatment": treatment,
        "state": state,
        "has_instead": is_waiting and bool(gift_instead.choices(gift, at=at)),
        "order": gift_instead.order_of(gift) if state == "exchanged" else None,
        "check": check,
        "is_asked": version is not None,
        "explanations": _explanations(check, request),
        "passes": pass_cards(received, at=at) if gift.status == GiftStatus.ACCEPTED else [],
        "is_declined": gift.status in {GiftStatus.DECLINED, GiftStatus.RETURNED},
    }


def remember_check(response: HttpResponseBase, gift: Gift, check: SuitabilityCheck) -> None:
    """Let this browser read why the check came out as it did, on this gift's pages alone."""
    response.set_signed_cookie(
        _COOKIE,
        check.token,
        salt=_COOKIE,
        max_age=_REMEMBERED_SECONDS,
        path=reverse("checkout:gift", args=[gift.token]),
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def _explanations(check: SuitabilityCheck | None, request: HttpRequest) -> tuple[str, ...]:
    said = request.get_signed_cookie(_COOKIE, default="", salt=_COOKIE, max_age=_REMEMBERED_SECONDS)
    if check is None or said != check.token:
        return ()
    return suitability_page.explanations(check)
