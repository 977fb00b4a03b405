"""Stripe's API without a socket: the real client talks to the stand-in inside this process.

The stand-in refuses unknown and removed parameters as Stripe does, so every call that a test
causes is checked against `stripe.params`.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import stripe

from stripe_standin.app import Standin
from stripe_standin.http_message import Request, Response
from stripe_standin.in_process import InProcessClient

SECRET = "whsec_suite"  # pragma: allowlist secret
GOOD_CARD = "4242424242424242"
DECLINED_CARD = "4000000000000002"


class _HttpClient(InProcessClient):
    """Notes every call, and fails like a cut line when told to."""

    def __init__(self, fake: "StripeInProcess") -> None:
        super().__init__(fake.standin)
        self._fake = fake

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any = None,
        **rest: object,
    ) -> tuple[str, int, Mapping[str, str]]:
        self._fake.calls.append(f"{method.upper()} {urlsplit(url).path}")
        if self._fake.is_down:
            raise stripe.APIConnectionError("the line is cut")
        return super().request(method, url, headers, post_data, **rest)


class StripeInProcess:
    """A stand-in, the buyers who pay on its pages, and the notices it would send."""

    def __init__(self, state: Path) -> None:
        self.notices: list[tuple[str, bytes]] = []
        self.calls: list[str] = []
        self.is_down = False
        self.refuses_notices = False
        self.standin = Standin(
            state,
            webhook_url="http://shop.invalid/stripe/webhook/",
            webhook_secret=SECRET,
            transport=self._keep_notice,
        )
        self.client = stripe.StripeClient(
            "sk_test_suite", http_client=_HttpClient(self), max_network_retries=0
        )

    def _keep_notice(self, _url: str, headers: Mapping[str, str], body: bytes) -> int:
        self.notices.append((headers["Stripe-Signature"], body))
        return 500 if self.refuses_notices else 200

    def pay(self, session_id: str, *, card: str = GOOD_CARD, method: str = "card") -> Response:
        """Pay on the hosted page as a buyer does."""
        fields = {
            "method": method,
            "card_number": card,
            "card_expiry": "12 / 34",
            "card_cvc": "123",
        }
        return self._post(f"/c/pay/{session_id}", fields)

    def control(self, path: str, **fields: str) -> Any:
        """Press a button of the control page and return its JSON answer."""
        answer = self._post(f"/control/{path}", fields, accept="application/json")
        assert answer.status == 200, answer.body
        return json.loads(answer.body)

    def deliver(self) -> list[tuple[str, bytes]]:
        """Let the stand-in send what is due and return all notices: signature and body."""
        self.standin.deliver_due()
        return self.notices

    def _post(self, path: str, fields: Mapping[str, str], accept: str = "") -> Response:
        return self.standin.answer(
            Request(
                method="POST",
                path=path,
                headers={
                    "content-type": "application/x-www-form-urlencoded",
                    "accept": accept,
                },
                body=urlencode(fields).encode(),
            )
        )
