"""Give sessions of one's own pass to somebody, take a gift back, and give one back."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from checkout.views.leaving import SeeOther
from storefront.account import gift_words
from storefront.account.gift_form import GiftForm, TooManyGifts, count_gift
from storefront.account.home import own_pass
from storefront.account.personal import customer, personal
from treatments import gift_returning, gifts, giving, ledger
from treatments.giving import Card
from treatments.models import Gift, SessionPass
from treatments.spacing import clinic_day

# Beside which field a refusal stands; any other stands above them all.
_FIELDS: Final[Mapping[type[Exception], str]] = {
    giving.OwnAddress: "recipient_email",
    giving.MailDayRefused: "mail_on",
}


@personal
@require_http_methods(["GET", "HEAD", "POST"])
def give(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Ask who is to have how many sessions, and from when; then set them aside."""
    row, user, at = own_pass(request, public_id), customer(request), timezone.now()
    if giving.given_before(row, reference=request.POST.get("token", "")):
        return _back(row)
    sessions = gift_words.sessions_to_give(row, row.entries.order_by("pk"), on=clinic_day(at))
    form = GiftForm(
        request.POST if request.method == "POST" else None,
        most=sessions,
        initial={"token": uuid4().hex, "giver_name": user.name, "mail_on": clinic_day(at)},
    )
    if not form.is_valid():
        return _page(request, row, form, status=422 if form.is_bound else 200)
    try:
        count_gift(user)
        gift = _give(row, form, by=user)
    except TooManyGifts as refusal:
        form.add_error(None, str(refusal))
        return _page(request, row, form, status=429)
    except (giving.GiftRefused, ledger.PassRefused, ledger.ReferenceTaken) as refusal:
        form.add_error(_FIELDS.get(type(refusal)), str(refusal))
        return _page(request, row, form, status=409)
    messages.success(
        request,
        f"{gift.sessions_text} for {gift.recipient_name}. You can take the gift back"
        " until it is accepted.",
    )
    return _back(row)


@personal
@require_POST
def take_back(request: HttpRequest, public_id: UUID, gift_id: int) -> HttpResponse:
    """Let one's own gift come back, unless it was accepted."""
    row, user = own_pass(request, public_id), customer(request)
    gift = Gift.objects.filter(pk=gift_id, session_pass=row, giver=user).first()
    if gift is None:
        raise Http404("No gift is found here.")
    try:
        gifts.take_back(gift_id=gift.pk, by=user, at=timezone.now())
    except gifts.NotWaiting as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, "The sessions are on your pass again.")
    return _back(row)


@personal
@require_POST
def give_back(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Let what is left of a gift that one accepted be its giver's again."""
    row, user = own_pass(request, public_id), customer(request)
    gift = Gift.objects.filter(received_pass=row).first()
    if gift is None:
        raise Http404("No gift is found here.")
    try:
        gift_returning.give_back(gift_id=gift.pk, by=user, at=timezone.now())
    except (giving.GiftRefused, ledger.PassRefused) as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, "The sessions have gone back.")
    return _back(row)


def _back(row: SessionPass) -> HttpResponse:
    return SeeOther(reverse("my:pass", args=[row.public_id]) + "#gifts")


def _give(row: SessionPass, form: GiftForm, *, by: User) -> Gift:
    typed = form.cleaned_data
    card = Card(
        giver_name=typed["giver_name"],
        recipient_name=typed["recipient_name"],
        recipient_email=typed["recipient_email"],
        message=typed["message"],
    )
    return giving.give(
        pass_id=row.pk,
        sessions=typed["sessions"],
        card=card,
        mail_on=typed["mail_on"],
        reference=typed["token"],
        by=by,
        at=timezone.now(),
    )


def _page(request: HttpRequest, row: SessionPass, form: GiftForm, *, status: int) -> HttpResponse:
    context = {"form": form, "row": row, "treatment": row.treatment}
    return render(request, "storefront/account/give.html", context, status=status)
