"""A gift behind its link: what it is, whether it suits, and taking it or not. No account needed."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final, Protocol

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.person import person_of
from checkout import gift_page
from checkout.order_links import TooManyGuesses, gift_behind
from checkout.views.leaving import SeeOther
from checkout.views.order import private, too_many
from checkout.views.suitability import is_tired_of
from treatments import consultations, gifts, ledger
from treatments.giving import GiftRefused
from treatments.models import Gift, QuestionnaireVersion
from treatments.suitability_form import ConsultationForm, SuitabilityForm


class GiftView(Protocol):
    """A view of the gift that a token leads to."""

    def __call__(self, request: HttpRequest, /, token: str) -> HttpResponse: ...


_REFUSALS: Final = (GiftRefused, ledger.PassRefused)


def behind_link(view: Callable[[HttpRequest, Gift], HttpResponse]) -> GiftView:
    """Find the gift first; what is answered stays out of every cache and referrer."""

    @wraps(view)
    def answer(request: HttpRequest, /, token: str) -> HttpResponse:
        try:
            found = gift_behind(request, token, at=timezone.now())
        except TooManyGuesses:
            return too_many(request)
        return private(view(request, found))

    return answer


@require_safe
@behind_link
def gift(request: HttpRequest, found: Gift) -> HttpResponse:
    """Say what the gift is, how it stands and what can be done."""
    return _page(request, found, ConsultationForm(initial=_known(found)))


@sensitive_post_parameters()
@sensitive_variables()
@require_http_methods(["GET", "HEAD", "POST"])
@behind_link
def check(request: HttpRequest, found: Gift) -> HttpResponse:
    """Ask the recipient what is asked before the treatment, and weigh the answers."""
    treatment = found.session_pass.treatment
    version = QuestionnaireVersion.objects.newest_of(treatment.pk)
    if version is None:
        raise Http404("Nothing is asked before this treatment.")
    at = timezone.now()
    sent = request.POST if request.method == "POST" else None
    form = SuitabilityForm(sent, rule_set=version.rule_set(), on=timezone.localdate(at))
    if sent is None or not form.is_valid():
        context = {"treatment": treatment, "form": form, "gift": found}
        status = 422 if form.is_bound else 200
        return render(request, "treatments/suitability_check.html", context, status=status)
    if is_tired_of(request):
        return render(request, "429.html", status=429)
    response = SeeOther(address_of(found))
    try:
        taken = gifts.take_check(
            gift_id=found.pk,
            version=version,
            answers=form.answers(),
            born_on=form.cleaned_data["born_on"],
            user=user_of(request),
            at=at,
        )
    except gifts.NotWaiting as refusal:
        messages.info(request, str(refusal))
    else:
        gift_page.remember_check(response, found, taken)
    return response


@sensitive_post_parameters()
@sensitive_variables()
@require_POST
@behind_link
def ask(request: HttpRequest, found: Gift) -> HttpResponse:
    """Ask for a consultation; the sessions stay set aside meanwhile."""
    form = ConsultationForm(request.POST)
    if found.suitability_check_id is None or not found.is_waiting:
        return SeeOther(address_of(found))
    if form.is_valid() and _is_of_giver(form.cleaned_data["email"], found):
        form.add_error("email", "Please use an address of your own: the answer is for you alone.")
    if not form.is_valid():
        return _page(request, found, form, status=422)
    typed = form.cleaned_data
    contact = consultations.Contact(typed["name"], typed["email"], typed["phone"])
    try:
        consultations.ask(
            check_id=found.suitability_check_id,
            contact=contact,
            words=typed["words"],
            at=timezone.now(),
        )
    except consultations.NothingToConsult as refusal:
        form.add_error(None, str(refusal))
        return _page(request, found, form, status=409)
    return SeeOther(address_of(found))


@require_POST
@behind_link
def accept(request: HttpRequest, found: Gift) -> HttpResponse:
    """Take the sessions; they are kept for the address that the gift was sent to."""
    try:
        gifts.accept(gift_id=found.pk, by=user_of(request), at=timezone.now())
    except _REFUSALS as refusal:
        messages.warning(request, str(refusal))
    return SeeOther(address_of(found))


@require_POST
@behind_link
def decline(request: HttpRequest, found: Gift) -> HttpResponse:
    """Let the sessions go back, without a reason."""
    try:
        gifts.decline(gift_id=found.pk, by=user_of(request), at=timezone.now())
    except GiftRefused as refusal:
        messages.warning(request, str(refusal))
    return SeeOther(address_of(found))


def _page(
    request: HttpRequest, found: Gift, form: ConsultationForm, *, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = gift_page.gift_context(found, request=request, at=timezone.now())
    context["form"] = form
    return render(request, "checkout/gift.html", context, status=status)


def address_of(found: Gift) -> str:
    """Return where the page of a gift is."""
    return reverse("checkout:gift", args=[found.token])


def _known(found: Gift) -> dict[str, str]:
    return {"name": found.recipient_name, "email": found.recipient_email}


def user_of(request: HttpRequest) -> User | None:
    """Return who is signed in, if anybody is."""
    return request.user if isinstance(request.user, User) else None


def _is_of_giver(email: str, found: Gift) -> bool:
    return email.strip().lower() in {found.giver.email.lower(), *person_of(found.giver).emails}
