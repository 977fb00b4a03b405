"""Listen to what a mail provider reports through django-anymail, whichever provider it is."""

from typing import Any

from django.utils import timezone
from anymail.signals import EventType, RejectReason, tracking

from blog import newsletter_bounces
from blog.models import TroubleKind

_FOR_GOOD = {RejectReason.BOUNCED, RejectReason.INVALID}
_UNWANTED = {RejectReason.SPAM, RejectReason.UNSUBSCRIBED}


def connect() -> None:
    """Begin to listen; called once, when all apps are loaded."""
    tracking.connect(_on_event, dispatch_uid="blog.newsletter_events")


def kind_of(event_type: str, reject_reason: str | None) -> TroubleKind | None:
    """Say what a report means to us; most mean nothing.

    The words are anymail's own: https://anymail.dev/en/stable/sending/tracking/
    """
    if event_type == EventType.COMPLAINED or (
        event_type == EventType.REJECTED and reject_reason in _UNWANTED
    ):
        return TroubleKind.COMPLAINT
    if event_type in {EventType.BOUNCED, EventType.REJECTED}:
        is_for_good = reject_reason in _FOR_GOOD
        return TroubleKind.HARD_BOUNCE if is_for_good else TroubleKind.SOFT_BOUNCE
    # A delay is no bounce: one mail may be delayed many times and arrive.
    return None


def _on_event(*, event: Any, esp_name: str, **_signal: Any) -> None:
    kind = kind_of(event.event_type, event.reject_reason)
    if kind is None or not event.recipient:
        return
    at = event.timestamp or timezone.now()
    told_as = event.event_id or f"{event.message_id}:{event.event_type}:{at.isoformat()}"
    newsletter_bounces.note(
        email=event.recipient, kind=kind, event_key=f"{esp_name}:{told_as}", told=esp_name, at=at
    )
