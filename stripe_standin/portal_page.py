"""The customer portal: saved cards are seen, added and removed; a test page, and says so."""

from collections.abc import Callable

from stripe_standin import pay_view
from stripe_standin.call import Call, Site
from stripe_standin.cards import METHODS, QUICK_CARDS, Method, spaced
from stripe_standin.form_decoding import flat
from stripe_standin.http_message import Request, Response, origin_of
from stripe_standin.markup import Markup, filled, joined, page, tag
from stripe_standin.resources import customers
from stripe_standin.resources.portal_sessions import KIND, LIFE
from stripe_standin.store import Record, Store
from stripe_standin.strict_params import ID

PREFIX = "/p/session/"


class PortalPage:
    """The pages under `/p/session/`."""

    def __init__(self, store: Store, site: Site, now: Callable[[], int]) -> None:
        self._store = store
        self._site = site
        self._now = now

    def answer(self, request: Request) -> Response:
        """Answer a request under `/p/session/`."""
        if request.method not in {"GET", "POST"}:
            return Response(405, {"Allow": "GET, POST"})
        key = request.path.removeprefix(PREFIX)
        with self._store.transaction() as tx:
            session = tx.find(KIND, key) if ID.fullmatch(key) else None
            customer = tx.find("customer", session.body["customer"]) if session else None
            if session is None or customer is None or self._is_over(session):
                return self._gone()
            if request.method == "POST":
                call = Call(tx, self._now(), self._site)
                _change(call, customer.id, flat(request.body))
                return Response(303, {"Location": request.path})
        return self._shown(session, customer)

    def _is_over(self, session: Record) -> bool:
        return self._now() > int(session.body["created"]) + LIFE

    def _gone(self) -> Response:
        return pay_view.message(
            self._site.merchant,
            "This page has run out",
            "Go back to the shop and open your saved cards again.",
            status=404,
        )

    def _shown(self, session: Record, customer: Record) -> Response:
        back = session.body["return_url"]
        way_back = Markup("")
        if back:
            way_back = tag('<a class="back" href="$url">&larr; Back to the shop</a>', url=back)
        kept = [METHODS[key] for key in customer.inner.get("cards", [])]
        content = filled(
            "portal.html",
            merchant=self._site.merchant,
            email=customer.body["email"] or "",
            way_back=way_back,
            action=f"{PREFIX}{session.id}",
            cards=joined(_card(each) for each in kept) or tag("<p>No card is saved.</p>"),
            key=QUICK_CARDS[0].key,
            number=spaced(QUICK_CARDS[0].key),
        )
        title = "Saved cards"
        return page(title, content, leads_to=origin_of(back) if back else None)


def _change(call: Call, customer_id: str, fields: dict[str, str]) -> None:
    added = METHODS.get(fields.get("add", ""))
    if added is not None and added.kind == "card":
        customers.keep_card(call, customer_id, added)
    if fields.get("remove"):
        customers.drop_card(call, customer_id, fields["remove"])


def _card(method: Method) -> Markup:
    return tag(
        "<p><code>$brand, ending in $last4</code> "
        '<button class="button quiet" type="submit" name="remove" value="$key">Remove</button></p>',
        brand=method.brand.capitalize(),
        last4=method.key[-4:],
        key=method.key,
    )
