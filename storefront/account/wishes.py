"""What customers wish of the days after a session: mails or none, and a link for their calendar."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST
from allauth.account.models import EmailAddress
from allauth.account.signals import email_changed

from accounts.models import User
from accounts.person import person_of
from checkout.views.leaving import SeeOther
from storefront.account import calendar
from storefront.account.personal import customer, personal
from treatments import aftercare_wishes
from treatments.models import CalendarLink


@personal
@require_POST
def change_mails(request: HttpRequest) -> HttpResponse:
    """Stop the mails after a session, or let them come again."""
    emails = _addresses_of(customer(request))
    if "stop" in request.POST:
        for email in emails:
            aftercare_wishes.stop_mails(email=email, at=timezone.now())
        messages.success(request, "You get no more mails after a session.")
    else:
        for email in emails:
            aftercare_wishes.want_mails(email=email)
        messages.success(request, "You get mails after your sessions again.")
    return _back()


@personal
@require_POST
def change_calendar(request: HttpRequest) -> HttpResponse:
    """Make a link for a calendar, which ends an earlier one, or end it."""
    user = customer(request)
    if "end" in request.POST:
        aftercare_wishes.end_calendar_link(owner=user)
        messages.success(request, "The link leads nowhere any more.")
    else:
        aftercare_wishes.make_calendar_link(owner=user, at=timezone.now())
        messages.success(request, "Your calendar link is ready. An earlier one leads nowhere now.")
    return _back()


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_store=True)
def stop_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Stop the mails for whoever follows the link in one; looking changes nothing.

    :raises Http404: if the link was made up.
    """
    try:
        row = aftercare_wishes.pass_behind(token)
    except aftercare_wishes.UnknownLink as refusal:
        raise Http404("This link leads nowhere.") from refusal
    if request.method == "POST":
        aftercare_wishes.stop_mails(email=row.mails_go_to, at=timezone.now())
    is_stopped = bool(aftercare_wishes.stopped_among([row.mails_go_to]))
    return render(request, "storefront/account/stop_aftercare.html", {"is_stopped": is_stopped})


def connect() -> None:
    """Begin to hear of accounts whose main address changes; called once, in ``ready()``."""
    email_changed.connect(_on_new_address, dispatch_uid="storefront.account.wishes")


def wishes_of(user: User) -> dict[str, object]:
    """Return what the privacy page shows of somebody's wishes."""
    link = CalendarLink.objects.filter(owner=user).first()
    return {
        "is_stopped": bool(aftercare_wishes.stopped_among([user.email])),
        "calendar_url": calendar.address_of(link.token) if link else "",
    }


def _on_new_address(
    *, from_email_address: EmailAddress | None, to_email_address: EmailAddress, **_signal: Any
) -> None:
    if from_email_address is not None:
        aftercare_wishes.carry_stop_along(
            from_email=from_email_address.email,
            to_email=to_email_address.email,
            at=timezone.now(),
        )


def _addresses_of(user: User) -> list[str]:
    """Return every address that mails about somebody's sessions may go to."""
    return sorted({user.email.lower(), *person_of(user).emails})


def _back() -> HttpResponse:
    return SeeOther(reverse("my:privacy") + "#aftercare")
