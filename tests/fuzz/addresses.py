"""Every public address of the shop with what it takes; an address missing here fails a test."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLResolver, get_resolver

from catalog.selection import PARAMETERS

NOT_PUBLIC = "admin/"
# Allauth lists its own page after ours; the first pattern answers.


@dataclass(frozen=True)
class Address:
    """One address, an example path, and the fields of its form and query.

    :ivar path: may name `{token}`, `{product}` and others that `Target.fill` knows.
    """

    path: str
    form: tuple[str, ...] = ()
    query: tuple[str, ...] = ()

    @property
    def is_personal(self) -> bool:
        """Whether it answers a customer otherwise than it answers anybody."""
        return self.path.startswith(
            ("/account/", "/basket/", "/checkout/", "/gifts/", "/orders/", "/suitability/")
        )


_LISTING = tuple(sorted(PARAMETERS))
_CODE = ("code", "action", "email", "next")
_CHECKOUT = (
    "email",
    "name",
    "phone",
    "line1",
    "line2",
    "postcode",
    "city",
    "keep_address",
    "gift_note",
    "accept_terms",
    "checkout_token",
    "agreed_total_minor",
)

_ADDRESS = ("label", "name", "line1", "line2", "postcode", "city", "country")
_DAYS = ("on_1", "part_1", "on_2", "part_2", "on_3", "part_3")
_COMMENT = ("name", "email", "text", "homepage", "stamp", "wants_replies")

ADDRESSES: dict[str, Address] = {
    "healthz": Address("/healthz"),
    "readyz": Address("/readyz"),
    "robots.txt": Address("/robots.txt"),
    "llms.txt": Address("/llms.txt", query=("q",)),
    r"^((?:[\w-]+/)*[\w-]+)\.md$": Address("/scalp-guide/none.md", query=("q",)),
    "sitemap.xml": Address("/sitemap.xml", query=("p", "section")),
    "sitemap-<int:number>.xml": Address("/sitemap-1.xml", query=("p",)),
    "feeds/products.xml": Address("/feeds/products.xml"),
    "feeds/products.json": Address("/feeds/products.json"),
    "shop/compare/": Address("/shop/compare/", query=("p",)),
    "comments/<int:article_id>/": Address(
        "/comments/{talked_of}/", form=(*_COMMENT, "to", "post_anyway"), query=("to",)
    ),
    "comments/<int:article_id>/private/": Address(
        "/comments/{talked_of}/private/", form=(*_COMMENT, "consent")
    ),
    "comments/<int:article_id>/thanks/": Address("/comments/{talked_of}/thanks/", query=("in",)),
    "comments/<int:article_id>/mine/": Address("/comments/{talked_of}/mine/"),
    "comments/find/<int:comment_id>/": Address("/comments/find/99999999999999999999/"),
    "comments/report/<int:comment_id>/": Address(
        "/comments/report/{comment}/", form=("reason", "note"), query=("sent",)
    ),
    "comments/decide/<str:token>/": Address("/comments/decide/{token}/"),
    "comments/replies/<str:token>/": Address("/comments/replies/{token}/"),
    "search/": Address("/search/", query=("q", "type", "page", "exact")),
    "search/suggest/": Address("/search/suggest/", query=("q",)),
    "search/asked/": Address("/search/asked/", form=("q",)),
    ".well-known/security.txt": Address("/.well-known/security.txt"),
    ".well-known/galea-statement-keys.json": Address("/.well-known/galea-statement-keys.json"),
    r"documents/^([0-9]{1,18})/(.*)$": Address("/documents/999999999999999999/x.pdf"),
    "documents/authenticate_with_password/<int:restriction_id>/": Address(
        "/documents/authenticate_with_password/99999999999999999999/",
        form=("password", "return_url"),
    ),
    "account/login/": Address(
        "/account/login/", form=("login", "password", "remember", "next"), query=("next",)
    ),
    "account/login/code/": Address("/account/login/code/", form=("email",), query=("next",)),
    "account/login/code/confirm/": Address(
        "/account/login/code/confirm/", form=_CODE, query=("next",)
    ),
    "account/signup/": Address("/account/signup/", form=("email",), query=("next",)),
    "account/logout/": Address("/account/logout/", form=("next",), query=("next",)),
    "account/inactive/": Address("/account/inactive/"),
    "account/reauthenticate/": Address(
        "/account/reauthenticate/", form=("password", "next"), query=("next",)
    ),
    "account/second-factor/": Address("/account/second-factor/", query=("next",)),
    "account/second-factor/show/": Address(
        "/account/second-factor/show/", form=("code", "credential", "next"), query=("next",)
    ),
    "account/second-factor/show-again/": Address(
        "/account/second-factor/show-again/", form=("code", "next"), query=("next",)
    ),
    "account/second-factor/show-again/passkey/": Address(
        "/account/second-factor/show-again/passkey/",
        form=("credential", "next"),
        query=("next",),
    ),
    "account/second-factor/passkeys/new/": Address(
        "/account/second-factor/passkeys/new/", form=("name", "credential"), query=("next",)
    ),
    "account/second-factor/passkeys/<int:pk>/rename/": Address(
        "/account/second-factor/passkeys/99999999999999999999/rename/", form=("name",)
    ),
    "account/second-factor/passkeys/<int:pk>/remove/": Address(
        "/account/second-factor/passkeys/99999999999999999999/remove/", form=("x",)
    ),
    "account/second-factor/shown/": Address("/account/second-factor/shown/"),
    "account/second-factor/app/": Address(
        "/account/second-factor/app/", form=("code", "next"), query=("next",)
    ),
    "account/second-factor/app/replace/": Address(
        "/account/second-factor/app/replace/", form=("x",)
    ),
    "account/second-factor/recovery-codes/": Address(
        "/account/second-factor/recovery-codes/", query=("next",)
    ),
    "account/second-factor/recovery-codes/new/": Address(
        "/account/second-factor/recovery-codes/new/", form=("x",)
    ),
    "account/second-factor/recovery-codes/recovery-codes.txt": Address(
        "/account/second-factor/recovery-codes/recovery-codes.txt"
    ),
    "account/email/": Address(
        "/account/email/",
        form=("email", "action_add", "action_remove", "action_primary", "action_send"),
    ),
    "account/confirm-email/": Address("/account/confirm-email/", form=_CODE),
    "account/password/change/": Address(
        "/account/password/change/", form=("oldpassword", "password1", "password2")
    ),
    "account/password/set/": Address("/account/password/set/", form=("password1", "password2")),
    "account/password/reset/": Address("/account/password/reset/", form=("email", "next")),
    "account/password/reset/key/done/": Address("/account/password/reset/key/done/"),
    r"account/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": Address(
        "/account/password/reset/key/zzzzzzzzzzzzzzzz-set-password/",
        form=("password1", "password2"),
    ),
    "account/password/reset/done/": Address("/account/password/reset/done/"),
    "basket/": Address("/basket/", query=("added", "removed", "quantity")),
    "basket/add/": Address("/basket/add/", form=("sku", "quantity")),
    "basket/lines/": Address("/basket/lines/", form=("sku", "quantity", "remove")),
    "basket/restore/": Address("/basket/restore/", form=("sku", "quantity")),
    "basket/delivery/": Address("/basket/delivery/", form=("country", "method")),
    "basket/code/": Address("/basket/code/", form=("code", "remove")),
    "basket/gift-card/": Address(
        "/basket/gift-card/",
        form=("sku", "recipient_name", "recipient_email", "giver_name", "message", "mail_on"),
    ),
    "basket/drawer/": Address("/basket/drawer/"),
    "checkout/": Address("/checkout/", form=_CHECKOUT, query=("address",)),
    "checkout/return/<str:token>/": Address(
        "/checkout/return/{token}/", query=("session_id", "notice")
    ),
    "orders/<str:token>/": Address("/orders/{token}/", query=("notice",)),
    "orders/<str:token>/pay/": Address("/orders/{token}/pay/", form=("amount",)),
    "orders/<str:token>/cancel/": Address("/orders/{token}/cancel/", form=("reason",)),
    "orders/<str:token>/documents/<str:number>.pdf": Address(
        "/orders/{token}/documents/INV-2026-000001.pdf"
    ),
    "orders/<str:token>/cards/<int:sold_id>/": Address(
        "/orders/{token}/cards/99999999999999999999/", form=("name", "email")
    ),
    "orders/<str:token>/again/": Address("/orders/{token}/again/", form=("quantity",)),
    "orders/<str:token>/return/": Address(
        "/orders/{token}/return/",
        form=("pieces-1", "wanted-1", "reason", "words", "wish", "photos", "reference"),
    ),
    "orders/<str:token>/return/<int:return_id>/": Address(
        "/orders/{token}/return/99999999999999999999/"
    ),
    "orders/<str:token>/return/<int:return_id>/label.pdf": Address(
        "/orders/{token}/return/99999999999999999999/label.pdf"
    ),
    "orders/<str:token>/return/<int:return_id>/call-off/": Address(
        "/orders/{token}/return/99999999999999999999/call-off/", form=("x",)
    ),
    "orders/<str:token>/withdraw/": Address(
        "/orders/{token}/withdraw/", form=("pieces-1", "opened-1", "confirm", "reference")
    ),
    "withdraw/": Address("/withdraw/", form=("number", "email", "confirm", "reference")),
    "withdraw/received/": Address("/withdraw/received/"),
    "suitability/<slug:slug>/": Address(
        "/suitability/{asked_of}/",
        form=("born_on", "q-broken-skin", "q-blood-thinners", "consent", "version", "order"),
        query=("order",),
    ),
    "suitability/outcome/<str:token>/": Address("/suitability/outcome/{check}/"),
    "suitability/outcome/<str:token>/use/": Address(
        "/suitability/outcome/{check}/use/", form=("x",)
    ),
    "suitability/outcome/<str:token>/ask/": Address(
        "/suitability/outcome/{check}/ask/", form=("name", "email", "phone", "words", "consent")
    ),
    "gifts/<str:token>/": Address("/gifts/{gift}/"),
    "gifts/<str:token>/check/": Address(
        "/gifts/{gift}/check/",
        form=("born_on", "q-broken-skin", "q-blood-thinners", "consent", "version"),
    ),
    "gifts/<str:token>/ask/": Address(
        "/gifts/{gift}/ask/", form=("name", "email", "phone", "words", "consent")
    ),
    "gifts/<str:token>/accept/": Address("/gifts/{gift}/accept/", form=("x",)),
    "gifts/<str:token>/instead/": Address(
        "/gifts/{gift}/instead/",
        form=("what", "name", "delivery", "line1", "line2", "postcode", "city"),
    ),
    "gifts/<str:token>/decline/": Address("/gifts/{gift}/decline/", form=("x",)),
    "account/": Address("/account/"),
    "account/privacy/": Address("/account/privacy/", query=("for",)),
    "account/passes/<uuid:public_id>/sessions/<int:entry_id>/normal/": Address(
        "/account/passes/{own_pass}/sessions/{own_session}/normal/",
        form=("signs", "strength", "lasting", "key", "tells_clinic", "words", "product", "batch"),
    ),
    "account/reports/<int:report_id>/": Address("/account/reports/99999999999999999999/"),
    "account/aftercare-mails/": Address("/account/aftercare-mails/", form=("stop", "start")),
    "account/calendar/": Address("/account/calendar/", form=("make", "end")),
    "aftercare/stop/<str:token>/": Address("/aftercare/stop/abc:def/", form=("email",)),
    "calendar/<str:token>.ics": Address("/calendar/{token}.ics", query=("day",)),
    "account/newsletter/": Address("/account/newsletter/", form=("leave", "consent", "email")),
    "account/data/": Address("/account/data/", form=("email",)),
    "account/sign-ins/": Address("/account/sign-ins/"),
    "account/sign-ins/end/": Address("/account/sign-ins/end/", form=("browser",)),
    "account/again/": Address("/account/again/", form=("for", "next"), query=("for", "next")),
    "account/delete/": Address("/account/delete/", query=("for",)),
    "account/delete/confirm/": Address(
        "/account/delete/confirm/", form=("email", "gives_up_passes", "next")
    ),
    "account/deleted/": Address("/account/deleted/"),
    "account/passes/<uuid:public_id>/": Address("/account/passes/{own_pass}/"),
    "account/passes/<uuid:public_id>/code.svg": Address("/account/passes/{own_pass}/code.svg"),
    "account/passes/<uuid:public_id>/statement.json": Address(
        "/account/passes/{own_pass}/statement.json"
    ),
    "account/passes/<uuid:public_id>/statement.pdf": Address(
        "/account/passes/{own_pass}/statement.pdf"
    ),
    "account/passes/<uuid:public_id>/apple-wallet/": Address(
        "/account/passes/{own_pass}/apple-wallet/"
    ),
    "account/passes/<uuid:public_id>/google-wallet/": Address(
        "/account/passes/{own_pass}/google-wallet/"
    ),
    "account/passes/<uuid:public_id>/pause/": Address(
        "/account/passes/{own_pass}/pause/", form=("token", "from_on", "until_on")
    ),
    "account/passes/<uuid:public_id>/resume/": Address("/account/passes/{own_pass}/resume/"),
    "account/passes/<uuid:public_id>/give-back/": Address(
        "/account/passes/{own_pass}/give-back/", form=("x",)
    ),
    "account/passes/<uuid:public_id>/give/": Address(
        "/account/passes/{own_pass}/give/",
        form=(
            "token",
            "sessions",
            "recipient_name",
            "recipient_email",
            "giver_name",
            "message",
            "mail_on",
        ),
    ),
    "account/passes/<uuid:public_id>/gifts/<int:gift_id>/take-back/": Address(
        "/account/passes/{own_pass}/gifts/99999999999999999999/take-back/"
    ),
    "account/passes/<uuid:public_id>/sessions/<int:entry_id>/": Address(
        "/account/passes/{own_pass}/sessions/{own_session}/"
    ),
    "account/passes/<uuid:public_id>/appointment/": Address(
        "/account/passes/{own_pass}/appointment/", form=(*_DAYS, "token", "words")
    ),
    "account/appointments/": Address("/account/appointments/"),
    "account/appointments/<uuid:public_id>/": Address("/account/appointments/{visit}/"),
    "account/appointments/<uuid:public_id>/calendar.ics": Address(
        "/account/appointments/{visit}/calendar.ics"
    ),
    "account/appointments/<uuid:public_id>/accept/": Address(
        "/account/appointments/{visit}/accept/", form=("time",)
    ),
    "account/appointments/<uuid:public_id>/move/": Address(
        "/account/appointments/{visit}/move/", form=(*_DAYS, "token", "words")
    ),
    "account/appointments/<uuid:public_id>/cancel/": Address(
        "/account/appointments/{visit}/cancel/", form=("counts",)
    ),
    "account/addresses/": Address("/account/addresses/"),
    "account/addresses/new/": Address("/account/addresses/new/", form=_ADDRESS),
    "account/addresses/<int:address_id>/": Address(
        "/account/addresses/{own_address}/", form=_ADDRESS
    ),
    "account/addresses/<int:address_id>/remove/": Address(
        "/account/addresses/99999999999999999999/remove/", form=("x",)
    ),
    "account/addresses/<int:address_id>/usual/": Address(
        "/account/addresses/{own_address}/usual/", form=("x",)
    ),
    "account/cards/": Address("/account/cards/", form=("x",)),
    "account/orders/": Address("/account/orders/", query=("page", "p")),
    "account/orders/<str:number>/": Address("/account/orders/{number}/", query=("notice",)),
    "account/orders/<str:number>/documents/<str:document>.pdf": Address(
        "/account/orders/{number}/documents/INV-2026-000001.pdf"
    ),
    "stripe/webhook/": Address("/stripe/webhook/", form=("id",)),
    "review/thanks/": Address("/review/thanks/"),
    "review/<str:token>/": Address(
        "/review/{token}/", form=("decision", "remarks", "next_review_on", "signed_as")
    ),
    "feeds/guide.<slug:kind>": Address("/feeds/guide.rss", query=("full",)),
    "feeds/topics/<slug:slug>.<slug:kind>": Address("/feeds/topics/sun.atom", query=("full",)),
    "feeds/people/<slug:slug>.<slug:kind>": Address("/feeds/people/ada.json", query=("full",)),
    "newsletter/": Address("/newsletter/", form=("email", "website", "source", "consent")),
    "newsletter/look-in-your-inbox/": Address("/newsletter/look-in-your-inbox/"),
    "newsletter/issues/": Address("/newsletter/issues/", query=("page",)),
    "newsletter/issues/<slug:slug>/": Address("/newsletter/issues/spring/"),
    "newsletter/confirm/<str:token>/": Address("/newsletter/confirm/abc.def.ghi/", form=("x",)),
    "newsletter/unsubscribe/<str:token>/": Address(
        "/newsletter/unsubscribe/abc.def/", form=("List-Unsubscribe",)
    ),
    "newsletter/preferences/<str:token>/": Address(
        "/newsletter/preferences/abc.def/", form=("act", "topic")
    ),
    "media/<path:path>": Address("/media/original_images/none.jpg"),
    "_util/authenticate_with_password/<int:page_view_restriction_id>/<int:page_id>/": Address(
        "/_util/authenticate_with_password/99999999999999999999/99999999999999999999/",
        form=("password", "return_url"),
    ),
    "_util/login/": Address("/_util/login/", form=("login", "password"), query=("next",)),
    r"^((?:[\w\-]+/)*)$": Address("{product}", form=("sku",), query=_LISTING),
}
# One pattern answers for the whole page tree, and its pages differ.
FURTHER = (
    Address("/", query=("page", "q")),
    Address("{catalog}", form=("x",), query=_LISTING),
    Address("{category}", form=("x",), query=_LISTING),
    Address("{guide}", query=("page", "q")),
    Address("{guide}topics/aftercare/", query=("page", "q")),
    Address("{guide}tags/sun/", query=("page",)),
    Address("{guide}people/", query=("page",)),
    Address("{guide}people/ada-lindqvist/", query=("page", "q")),
    Address("{article}", form=("sku",), query=("page", "q")),
)


def public_patterns() -> Iterator[str]:
    """Yield every address pattern outside the admin, as the resolver knows it."""
    yield from _walk(get_resolver(), "")


def _walk(resolver: URLResolver, above: str) -> Iterator[str]:
    for each in resolver.url_patterns:
        pattern = f"{above}{each.pattern}"
        if pattern.startswith(NOT_PUBLIC):
            continue
        if isinstance(each, URLResolver):
            yield from _walk(each, pattern)
        else:
            yield pattern


def everything() -> dict[str, Any]:
    """Return all addresses under a name for each."""
    return {**ADDRESSES, **{f"page tree: {each.path}": each for each in FURTHER}}
