"""What signing in means for the shop: the guest's basket, orders and passes come along."""

from typing import Any

from django.contrib import messages
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress

from accounts.models import User
from checkout import basket_cookie, baskets, ownership
from outbox import mail
from treatments import ledger


class AccountAdapter(DefaultAccountAdapter):
    """allauth's behaviour, and what the shop adds to a sign-in."""

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Bring what the guest had into the account, once the session is the user's own."""
        notices = bring_along(request, user)
        response: HttpResponse = super().post_login(request, user, **kwargs)
        for notice in notices:
            messages.info(request, notice)
        basket = baskets.find(request)
        if basket is not None:
            basket_cookie.remember(response, basket=basket, count=baskets.count(basket))
        return response

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
    verified = EmailAddress.objects.filter(user=user, verified=True)
    for email in verified.values_list("email", flat=True):
        ownership.claim_orders(user=user, email=email, at=at)
        ledger.claim_passes(user=user, email=email, at=at)
    return notices
