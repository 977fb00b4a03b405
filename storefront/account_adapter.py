"""What signing in means for the shop: the guest's basket, orders and passes come along."""

from typing import Any

from django.contrib import messages
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from allauth.account.adapter import DefaultAccountAdapter

from accounts.devices import device_of
from accounts.models import User
from accounts.person import person_of
from accounts.recent import signed_in_lately
from accounts.sessions import DEVICE
from checkout import basket_cookie, baskets
from outbox import mail
from storefront.account.claiming import claim_all


class AccountAdapter(DefaultAccountAdapter):
    """allauth's behaviour, and what the shop adds to a sign-in."""

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Bring what the guest had into the account, once the session is the user's own."""
        request.session[DEVICE] = device_of(request.headers.get("User-Agent", ""))
        notices = bring_along(request, user)
        response: HttpResponse = super().post_login(request, user, **kwargs)
        for notice in notices:
            messages.info(request, notice)
        basket = baskets.find(request)
        if basket is not None:
            basket_cookie.remember(response, basket=basket, count=baskets.count(basket))
        return response

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:  # noqa: ARG002
        """Tell whether somebody is asked once more who it is, as the shop's own screens do."""
        return not signed_in_lately(self.request, at=timezone.now())

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Return how somebody says once more who it is; the first way is theirs.

        Whoever has a second factor shows that, and no password instead, and a passkey before
        codes; whoever has neither signs in once more.
        """
        ways: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        passkey = [way for way in ways if way["id"] == "mfa_reauthenticate:webauthn"]
        code = [way for way in ways if way["id"] == "mfa_reauthenticate"]
        strong = [way | {"description": "Use a passkey"} for way in passkey]
        strong += [way | {"description": "Use a code instead"} for way in code]
        if strong or ways or not user.is_authenticated:
            return strong or ways
        again = {"id": "again", "description": "Sign in once more", "url": reverse("my:again")}
        return [again]

    def render_mail(self, *args: Any, **kwargs: Any) -> EmailMessage:
        """Render a mail with its styles written onto the elements."""
        message: EmailMessage = super().render_mail(*args, **kwargs)
        if isinstance(message, EmailMultiAlternatives):
            inlined = [
                (mail.inline_css(str(content)), mimetype)
                for content, mimetype in message.alternatives
            ]
            message.alternatives = []
            for content, mimetype in inlined:
                message.attach_alternative(content, mimetype)
        message.extra_headers.setdefault("Auto-Submitted", "auto-generated")
        return message


def bring_along(request: HttpRequest, user: User) -> list[str]:
    """Move the guest's basket, orders and passes into the account; say what the buyer must know.

    Orders and passes follow verified addresses only: an address that somebody merely typed
    proves nothing.
    """
    at = timezone.now()
    key = basket_cookie.key_from(request)
    notices = baskets.adopt(key=key, user=user, at=at) if key else []
    claim_all(person_of(user), at=at)
    return notices
