"""The suitability check before sessions are bought: the questions, the outcome, what comes next."""

import re
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from allauth.account.adapter import get_adapter

from accounts import tries
from accounts.models import User
from checkout import basket_cookie, baskets, clearance, suitability_page
from checkout.models import Order
from checkout.order_links import TooManyGuesses, order_behind
from checkout.views.leaving import SeeOther
from checkout.views.order import private
from treatments import checking, consultations
from treatments.models import QuestionnaireVersion, SuitabilityCheck, Treatment
from treatments.suitability_form import ConsultationForm, SuitabilityForm

# From one network address; each check is a row that stays.
SENT_ALLOWED: Final = 30
SENT_COUNTED_SECONDS: Final = 3600

_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{20,43}")


@sensitive_post_parameters()
@sensitive_variables()
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask what is asked before a treatment's sessions are bought, and weigh the answers."""
    treatment = get_object_or_404(Treatment, slug=slug)
    version = QuestionnaireVersion.objects.newest_of(treatment.pk)
    if version is None:
        raise Http404("Nothing is asked before this treatment.")
    at = timezone.now()
    sent = request.POST if request.method == "POST" else None
    form = SuitabilityForm(sent, rule_set=version.rule_set(), on=timezone.localdate(at))
    if sent is None or not form.is_valid():
        return _questions(request, treatment, form)
    if is_tired_of(request):
        return private(render(request, "429.html", status=429))
    user = request.user if isinstance(request.user, User) else None
    taken = checking.take(
        version=version,
        answers=form.answers(),
        born_on=form.cleaned_data["born_on"],
        user=user,
        at=at,
    )
    if (order := _order_of(request)) is not None:
        clearance.keep_with_order(order=order, check=taken)
    return _keep(request, taken, reverse("checkout:suitability_outcome", args=[taken.token]))


@require_safe
def outcome(request: HttpRequest, token: str) -> HttpResponse:
    """Say what a check came to, and what can be done now."""
    return _outcome(request, _check_behind(token), ConsultationForm(initial=_known(request)))


@require_POST
def use(request: HttpRequest, token: str) -> HttpResponse:
    """Take a check along to the basket of this browser, and go on to the sessions."""
    found = _check_behind(token)
    url = suitability_page.package_url(found.version.treatment, request)
    return _keep(request, found, url or reverse("checkout:basket"))


@sensitive_post_parameters()
@sensitive_variables()
@require_POST
def ask(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for a consultation; nothing is charged."""
    found, form = _check_behind(token), ConsultationForm(request.POST)
    if not form.is_valid():
        return _outcome(request, found, form, status=422)
    typed = form.cleaned_data
    contact = consultations.Contact(typed["name"], typed["email"], typed["phone"])
    try:
        consultations.ask(
            check_id=found.pk, contact=contact, words=typed["words"], at=timezone.now()
        )
    except consultations.NothingToConsult as refusal:
        form.add_error(None, str(refusal))
        return _outcome(request, found, form, status=409)
    return private(SeeOther(reverse("checkout:suitability_outcome", args=[token])))


def _questions(request: HttpRequest, treatment: Treatment, form: SuitabilityForm) -> HttpResponse:
    context: dict[str, Any] = {
        "treatment": treatment,
        "form": form,
        "package_url": suitability_page.package_url(treatment, request),
        "order_token": (request.POST if form.is_bound else request.GET).get("order", "")[:43],
    }
    status = 422 if form.is_bound else 200
    return private(render(request, "treatments/suitability_check.html", context, status=status))


def _outcome(
    request: HttpRequest, found: SuitabilityCheck, form: ConsultationForm, *, status: int = 200
) -> HttpResponse:
    context = suitability_page.outcome_context(
        found, basket=baskets.find(request), request=request, at=timezone.now()
    )
    context["form"] = form
    return private(render(request, "checkout/suitability_outcome.html", context, status=status))


def _keep(request: HttpRequest, found: SuitabilityCheck, url: str) -> HttpResponse:
    user = request.user if isinstance(request.user, User) else None
    basket = clearance.keep(basket=baskets.find(request), user=user, check=found, at=timezone.now())
    response = private(SeeOther(url))
    basket_cookie.remember(response, basket=basket, count=baskets.count(basket))
    return response


def _check_behind(token: str) -> SuitabilityCheck:
    """Return the check that a link of 192 random bits leads to.

    :raises Http404: if there is none.
    """
    rows = SuitabilityCheck.objects.select_related("version__treatment", "consultation")
    found = rows.filter(token=token).first() if _TOKEN.fullmatch(token) else None
    if found is None:
        raise Http404("No check is found here.")
    return found


def _order_of(request: HttpRequest) -> Order | None:
    """Return the order that the check is taken for, if it was asked for from an order's page."""
    try:
        token = request.POST.get("order", "")
        return order_behind(request, token, at=timezone.now()) if token else None
    except (Http404, TooManyGuesses):
        return None


def _known(request: HttpRequest) -> dict[str, str]:
    user = request.user
    return {"name": user.name, "email": user.email} if isinstance(user, User) else {}


def is_tired_of(request: HttpRequest) -> bool:
    """Whether more came from one network address within the hour than one household sends."""
    key = f"suitability-sent:{get_adapter(request).get_client_ip(request)}"
    return tries.count(key, seconds=SENT_COUNTED_SECONDS) > SENT_ALLOWED
