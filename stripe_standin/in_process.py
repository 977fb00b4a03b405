"""How stripe-python talks to a stand-in in the same process, without a socket.

For tests: `StripeClient("sk_test_x", http_client=in_process.client(standin))`.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import stripe

from stripe_standin.app import Standin
from stripe_standin.faults import ConnectionDropped
from stripe_standin.http_message import Request


class InProcessClient(stripe.HTTPClient):
    """An HTTP client of stripe-python that hands its requests to a stand-in."""

    name = "in_process"

    def __init__(self, standin: Standin) -> None:
        super().__init__()
        self._standin = standin

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any = None,
        **_: object,
    ) -> tuple[str, int, Mapping[str, str]]:
        """Answer a request.

        :raises stripe.APIConnectionError: when a fault was ordered that loses the answer.
        """
        parts = urlsplit(url)
        sent = {name.lower(): value for name, value in (headers or {}).items()}
        body = post_data.encode() if isinstance(post_data, str) else post_data or b""
        try:
            answer = self._standin.answer(
                Request(method.upper(), parts.path, parts.query, sent, body)
            )
        except ConnectionDropped:
            lost: Any = stripe.APIConnectionError
            raise lost("No answer.", should_retry=True) from None
        # stripe-python reads headers by their lower-case names.
        return (
            answer.body.decode(),
            answer.status,
            {name.lower(): value for name, value in answer.headers.items()},
        )

    def close(self) -> None:
        """Close nothing: there is no connection."""
