"""How a buyer pays on the hosted page: GET shows, POST pays, and paying twice pays once."""

from collections.abc import Callable
from urllib.parse import quote

from stripe_standin import checkout, pay_form, pay_view
from stripe_standin.call import Call, Site
from stripe_standin.cards import METHODS
from stripe_standin.form_decoding import flat
from stripe_standin.http_message import Request, Response, origin_of
from stripe_standin.markup import Markup, page
from stripe_standin.pay_form import PayForm
from stripe_standin.resources import customers
from stripe_standin.resources.checkout_sessions import KIND
from stripe_standin.store import Record, Store, Transaction
from stripe_standin.strict_params import ID
from stripe_standin.webhooks import Webhooks

PREFIX = "/c/pay/"
CHALLENGE = "/authenticate"
HOLD_REDIRECT_SECONDS = 3.0


def _see_other(url: str) -> Response:
    return Response(303, {"Location": quote(url, safe="%/:=&?~#+!$,;'@()*[]")})


def success_address(session: Record) -> str:
    """Return where the buyer goes after paying, with the session's id filled in."""
    return str(session.body["success_url"]).replace("{CHECKOUT_SESSION_ID}", session.id)


class HostedPage:
    """The pages under `/c/pay/`."""

    def __init__(
        self, store: Store, site: Site, webhooks: Webhooks, now: Callable[[], int]
    ) -> None:
        self._store = store
        self._site = site
        self._webhooks = webhooks
        self._now = now

    def answer(self, request: Request) -> Response:
        """Answer a request under `/c/pay/`."""
        key = request.path.removeprefix(PREFIX)
        challenged = key.endswith(CHALLENGE)
        session = self._session(key.removesuffix(CHALLENGE))
        if session is None:
            return pay_view.message(
                self._site.merchant,
                "There is no such payment page",
                "Go back to the shop and start the payment again.",
                status=404,
            )
        if request.method == "POST":
            fields = flat(request.body)
            if challenged:
                return self._authenticate(session.id, passed=fields.get("action") == "complete")
            return self._submit(session.id, fields)
        if request.method != "GET":
            return Response(405, {"Allow": "GET, POST"})
        if session.body["status"] != "open":
            return self._closed(session)
        if challenged and session.inner.get("challenge"):
            return self._page("Authenticate", session, pay_view.challenge(self._site, session))
        with self._store.transaction() as tx:
            email = _known_email(tx, session)
        form = PayForm({"email": email})
        if session.inner.get("error"):
            form.errors["card_number"] = session.inner["error"]
        return self._form(session, form, email)

    def _session(self, key: str) -> Record | None:
        if not ID.fullmatch(key):
            return None
        with self._store.transaction() as tx:
            return tx.find(KIND, key)

    def _page(self, title: str, session: Record, content: Markup) -> Response:
        return page(title, content, leads_to=origin_of(session.body["success_url"]))

    def _form(self, session: Record, form: PayForm, email: str, *, focus: str = "") -> Response:
        content = pay_view.pay_page(self._site, session, form, known_email=email, focus=focus)
        return self._page(f"Pay {self._site.merchant}", session, content)

    def _closed(self, session: Record) -> Response:
        if session.body["status"] == "complete":
            return pay_view.message(
                self._site.merchant,
                "This has been paid",
                "The payment is complete. Nothing more is needed.",
                link=("Continue to the shop", success_address(session)),
            )
        cancel = session.body["cancel_url"]
        return pay_view.message(
            self._site.merchant,
            "This payment page has expired",
            "Nothing was paid. Go back to the shop and start the payment again.",
            status=410,
            link=("Back to the shop", cancel) if cancel else None,
        )

    def _submit(self, key: str, fields: dict[str, str]) -> Response:
        with self._store.transaction() as tx:
            session = tx.get(KIND, key)
            email = _known_email(tx, session)
            if session.body["status"] == "open":
                checkout.choose_shipping(session, fields.get("shipping_rate", ""))
                tx.save(session)
            if "fill" in fields:
                form = pay_form.quick_filled(PayForm(fields), fields["fill"])
                return self._form(session, form, email, focus="pay")
            form = pay_form.checked(fields, session, email, self._now())
            outcome: checkout.Outcome = "declined"
            if not form.errors or session.body["status"] != "open":
                method = form.method or METHODS["debit"]
                payer = pay_form.payer_of(form, session)
                call = Call(tx, self._now(), self._site)
                outcome = checkout.pay(call, session, method, payer)
                is_saved = form.text("save_card") and pay_form.offers_saving(session.body)
                if outcome == "complete" and is_saved and method.kind == "card":
                    customers.keep_card(call, session.body["customer"], method)
                if outcome == "declined":
                    form.errors["card_number"] = session.inner["error"]
        if outcome == "declined":
            return self._form(session, form, email)
        return self._after(session, outcome)

    def _authenticate(self, key: str, *, passed: bool) -> Response:
        with self._store.transaction() as tx:
            session = tx.get(KIND, key)
            call = Call(tx, self._now(), self._site)
            outcome = checkout.answer_challenge(call, session, passed=passed)
        return self._after(session, outcome)

    def _after(self, session: Record, outcome: checkout.Outcome) -> Response:
        """Lead the buyer on; after a payment, once the shop has heard of it."""
        here = f"{PREFIX}{session.id}"
        if outcome == "challenge":
            return _see_other(f"{here}{CHALLENGE}")
        if session.body["status"] != "complete":
            return _see_other(here)
        self._webhooks.hold_for(session.inner["completed_event"], HOLD_REDIRECT_SECONDS)
        return _see_other(success_address(session))


def _known_email(tx: Transaction, session: Record) -> str:
    customer = tx.find("customer", session.body["customer"])
    return pay_form.known_email(session, customer)
