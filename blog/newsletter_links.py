"""Links that let their holder act for one subscriber; none of them tells the address."""

from typing import Final

from django.conf import settings
from django.core import signing
from django.urls import reverse

CONFIRM_WITHIN_SECONDS: Final = 7 * 24 * 60 * 60
_CONFIRM: Final = signing.TimestampSigner(sep=".", salt="blog.newsletter.confirm")
_LEAVE: Final = signing.Signer(sep=".", salt="blog.newsletter.unsubscribe")
_CHOOSE: Final = signing.Signer(sep=".", salt="blog.newsletter.preferences")


class LinkIsNotOurs(ValueError):
    """The link was not made by this shop, or was changed on its way."""

    def __init__(self) -> None:
        super().__init__("This link is not complete. Please copy all of it from the mail.")


class LinkIsTooOld(ValueError):
    """The link was good once."""

    def __init__(self) -> None:
        super().__init__("This link has grown old. Please sign up once more.")


def confirm_url(key: str) -> str:
    return _address("blog:newsletter_confirm", _CONFIRM.sign(key))


def unsubscribe_url(key: str) -> str:
    return _address("blog:newsletter_unsubscribe", _LEAVE.sign(key))


def preferences_url(key: str) -> str:
    return _address("blog:newsletter_preferences", _CHOOSE.sign(key))


def key_to_confirm(token: str) -> str:
    """Return whose subscription a link confirms.

    :raises LinkIsTooOld: a week after it was made.
    :raises LinkIsNotOurs: if it was not made here.
    """
    try:
        return _CONFIRM.unsign(token, max_age=CONFIRM_WITHIN_SECONDS)
    except signing.SignatureExpired as refusal:
        raise LinkIsTooOld from refusal
    except signing.BadSignature as refusal:
        raise LinkIsNotOurs from refusal


def key_to_leave(token: str) -> str:
    """Return whose subscription a link ends; it never grows old.

    :raises LinkIsNotOurs: if it was not made here.
    """
    return _key(_LEAVE, token)


def key_to_choose(token: str) -> str:
    """Return whose preferences a link opens; it never grows old.

    :raises LinkIsNotOurs: if it was not made here.
    """
    return _key(_CHOOSE, token)


def _key(signer: signing.Signer, token: str) -> str:
    try:
        return signer.unsign(token)
    except signing.BadSignature as refusal:
        raise LinkIsNotOurs from refusal


def _address(name: str, token: str) -> str:
    return f"{settings.SITE_URL}{reverse(name, args=[token])}"
