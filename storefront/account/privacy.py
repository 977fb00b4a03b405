"""What was agreed to, the newsletter, and the data to take along."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.person import person_of
from accounts.recent import signed_in_lately
from blog import newsletter, newsletter_consent
from blog.models import Subscriber
from checkout.views.leaving import SeeOther
from storefront.account import data_file
from storefront.account.again import ask_again
from storefront.account.agreed import agreed_by
from storefront.account.personal import customer, personal
from storefront.account.wishes import wishes_of


@personal
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Show what was agreed to, and the ways to take data along and to leave."""
    user = customer(request)
    context = {
        "agreed": agreed_by(person_of(user)),
        "subscriber": _subscriber(user),
        "wishes": wishes_of(user),
        "newsletter_text": newsletter_consent.text(),
        "newsletter_version": newsletter_consent.VERSION,
    }
    return render(request, "storefront/account/privacy.html", context)


@personal
@require_POST
def change_newsletter(request: HttpRequest) -> HttpResponse:
    """Sign up by a mail that asks, or leave at once."""
    user = customer(request)
    at = timezone.now()
    subscriber = _subscriber(user)
    if "leave" in request.POST:
        if subscriber is not None:
            newsletter.leave(key=subscriber.key, means="account", at=at)
        messages.success(request, "You get no more newsletters.")
    else:
        _sign_up(request, user)
    return SeeOther(reverse("my:privacy"))


@personal
@require_POST
def download(request: HttpRequest) -> HttpResponse:
    """Hand out everything that is held of whoever has signed in lately."""
    at = timezone.now()
    if not signed_in_lately(request, at=at):
        return ask_again("data")
    packed = data_file.zipped(person_of(customer(request)), at=at)
    response = HttpResponse(packed, content_type="application/zip")
    name = data_file.NAME.format(timezone.localdate(at))
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _sign_up(request: HttpRequest, user: User) -> None:
    asked = newsletter.Asked(email=user.email, source=reverse("my:privacy"))
    try:
        newsletter.sign_up(
            asked, consent_version=request.POST.get("consent", ""), at=timezone.now()
        )
    except newsletter.ConsentIsOutdated as refusal:
        messages.warning(request, str(refusal))
        return
    messages.info(request, f"Please confirm by the link that we have sent to {user.email}.")


def _subscriber(user: User) -> Subscriber | None:
    return Subscriber.objects.filter(email=newsletter.normal(user.email)).first()
