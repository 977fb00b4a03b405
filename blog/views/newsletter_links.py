"""Behind the links in mails: confirm, unsubscribe, choose. Looking at one changes nothing.

Mail programs and scanners follow links before people do, so a GET only shows a button.
"""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from blog import newsletter, newsletter_consent, newsletter_links
from blog.models import Subscriber, SubscriberStatus, Topic

MOST_TOPICS = 100
_NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)
View = Callable[..., HttpResponse]


def _behind_a_link(view: View) -> View:
    """Answer one person alone, and lead nobody on who has a link that is none."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @cache_control(private=True, no_store=True)
    @wraps(view)
    def shown(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, **kwargs)
        except newsletter_links.LinkIsNotOurs as refusal:
            raise Http404(str(refusal)) from refusal

    return shown


@_behind_a_link
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Subscribe whoever presses the button."""
    try:
        key = newsletter_links.key_to_confirm(token)
    except newsletter_links.LinkIsTooOld as refusal:
        return render(
            request, "blog/newsletter/link_too_old.html", {"refusal": refusal}, status=410
        )
    if request.method == "POST":
        subscriber = newsletter.confirm(key=key, at=timezone.now())
    else:
        subscriber = newsletter.find(key)
    context = {**_shown(subscriber), "consent_text": newsletter_consent.text()}
    return render(request, "blog/newsletter/confirm.html", context)


# RFC 8058: the mail program posts without cookies and without an origin; the link is the proof.
@csrf_exempt
@_behind_a_link
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Unsubscribe at once on a POST, from a mail program or from the button on the page."""
    key = newsletter_links.key_to_leave(token)
    subscriber = newsletter.find(key)
    if request.method == "POST":
        is_one_click = request.POST.get("List-Unsubscribe") == "One-Click"
        means = "one click in the mail program" if is_one_click else "button on the page"
        subscriber = newsletter.leave(key=key, means=means, at=timezone.now())
    return render(request, "blog/newsletter/unsubscribe.html", _shown(subscriber))


@_behind_a_link
def preferences(request: HttpRequest, token: str) -> HttpResponse:
    """Show what somebody gets, and let them leave or come back."""
    key = newsletter_links.key_to_choose(token)
    subscriber = newsletter.find(key)
    if request.method == "POST" and subscriber is not None:
        subscriber = _act(request, key) or subscriber
    context = {
        **_shown(subscriber),
        "consent_text": newsletter_consent.text(),
        "topics": _topics(subscriber),
        "is_saved": request.POST.get("act") == "topics",
    }
    return render(request, "blog/newsletter/preferences.html", context)


def _act(request: HttpRequest, key: str) -> Subscriber | None:
    act, at = request.POST.get("act"), timezone.now()
    if act == "leave":
        return newsletter.leave(key=key, means="preferences page", at=at)
    if act == "return":
        source = reverse("blog:newsletter")
        return newsletter.return_by_link(key=key, source=source, at=at)
    if act == "topics":
        asked = request.POST.getlist("topic")[:MOST_TOPICS]
        ids = [int(each) for each in asked if _NUMBER.fullmatch(each)]
        return newsletter.change_topics(key=key, topic_ids=ids, at=at)
    return None


def _topics(subscriber: Subscriber | None) -> list[tuple[Topic, bool]]:
    """Every topic, and whether it is ticked."""
    if subscriber is None:
        return []
    ticked = set(subscriber.topics.values_list("pk", flat=True))
    return [(topic, topic.pk in ticked) for topic in Topic.objects.all()]


def _shown(subscriber: Subscriber | None) -> dict[str, Any]:
    """What a page says of a subscriber; the address only in part, as others may look on."""
    if subscriber is None:
        return {"is_known": False}
    return {
        "is_known": True,
        "address": masked(subscriber.email),
        "is_subscribed": subscriber.status == SubscriberStatus.CONFIRMED,
        "is_suppressed": subscriber.status == SubscriberStatus.SUPPRESSED,
        "choose_url": newsletter_links.preferences_url(subscriber.key),
        "leave_url": newsletter_links.unsubscribe_url(subscriber.key),
    }


def masked(email: str) -> str:
    """Write an address so that its owner knows it: `a…@example.com`."""
    name, _, host = email.partition("@")
    return f"{name[:1]}…@{host}"
