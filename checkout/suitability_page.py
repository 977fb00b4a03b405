"""What the page of an outcome shows: how it stands, why, and the ways on."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest

from accounts.sealing import Unreadable
from catalog.models import Offer, PackagePage
from checkout import clearance
from checkout.models import Basket, BasketLine, Order, OrderCheck, OrderStatus
from treatments import checking
from treatments.models import (
    ConsultationStatus,
    QuestionnaireVersion,
    SuitabilityCheck,
    Treatment,
    TreatmentPage,
)
from treatments.suitability import Outcome

_STATES = {
    ConsultationStatus.OPEN: "waiting",
    ConsultationStatus.DECLINED: "declined",
    ConsultationStatus.CLEARED: "clear",
}


def state_of(check: SuitabilityCheck, *, at: datetime) -> str:
    """Say how a check stands: clear, consult, waiting, declined, not_now or ended."""
    asked = QuestionnaireVersion.objects.newest_of(check.version.treatment_id)
    if not check.holds(at) or asked is None or asked.pk != check.version_id:
        return "ended"
    if check.lets_buy:
        return "clear"
    if check.outcome == Outcome.NOT_NOW:
        return "not_now"
    request = getattr(check, "consultation", None)
    return "consult" if request is None else _STATES[ConsultationStatus(request.status)]


def outcome_context(
    check: SuitabilityCheck, *, basket: Basket | None, request: HttpRequest, at: datetime
) -> dict[str, Any]:
    """Return the template context of an outcome's page.

    Why it came to this is told to the browser that took the check, not to everybody with the link.
    """
    is_own = clearance.is_kept(basket, check)
    treatment = check.version.treatment
    return {
        "check": check,
        "state": state_of(check, at=at),
        "is_own": is_own,
        "explanations": explanations(check) if is_own else (),
        "package_url": package_url(treatment, request),
        "is_in_basket": is_own and _is_in(basket, treatment),
        "order": _unpaid_order(check) if is_own else None,
        **ways_on(check.version, request=request, at=at),
    }


def ways_on(version: QuestionnaireVersion, *, request: HttpRequest, at: datetime) -> dict[str, Any]:
    """Return what somebody can do whom a treatment does not suit at once."""
    treatment, consultation = version.treatment, version.consultation
    return {
        "treatment": treatment,
        "treatment_url": _treatment_url(treatment, request),
        "consultation": consultation,
        "consultation_url": package_url(consultation, request) if consultation else "",
        "kit": _kit(request, at=at),
    }


def package_url(treatment: Treatment, request: HttpRequest) -> str:
    """Return where the sessions of a treatment are sold; empty if nowhere."""
    pages = PackagePage.objects.live().filter(offers__treatment=treatment)
    page = pages.order_by("pk").first()
    return (page.get_url(request) or "") if page else ""


def explanations(check: SuitabilityCheck) -> tuple[str, ...]:
    """Return why a check came out as it did, for whoever took it; nothing once forgotten."""
    try:
        return checking.told(check).explanations
    except (checking.AnswersForgotten, Unreadable):
        return ()


def _is_in(basket: Basket | None, treatment: Treatment) -> bool:
    return BasketLine.objects.filter(basket=basket, offer__treatment=treatment).exists()


def _unpaid_order(check: SuitabilityCheck) -> Order | None:
    rests_on = OrderCheck.objects.filter(suitability_check=check).values("order")
    unpaid = Order.objects.filter(pk__in=rests_on, status=OrderStatus.AWAITING_PAYMENT)
    found: Order | None = unpaid.order_by("-pk").first()
    return found


def _treatment_url(treatment: Treatment, request: HttpRequest) -> str:
    page = TreatmentPage.objects.live().filter(treatment=treatment).first()
    return (page.get_url(request) or "") if page else ""


def _kit(request: HttpRequest, *, at: datetime) -> dict[str, str] | None:
    """Return a kit for the care at home, which suits whoever has no session."""
    kits = Offer.objects.on_sale(at).in_stock().filter(is_kit=True).select_related("page")
    kit = kits.order_by("sort_order", "pk").first()
    if kit is None or kit.page is None:
        return None
    return {"title": kit.page.title, "url": kit.page.get_url(request) or ""}
