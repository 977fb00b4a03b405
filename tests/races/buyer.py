"""A buyer with a browser's habits: cookies are kept, redirects are seen, Origin is sent."""

import http.client
import re
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

_AGREED = "checkout_token|agreed_total_minor|agreed_gift_card_minor"
_HIDDEN = re.compile(rf'name="({_AGREED})" value="([^"]*)"')


@dataclass(frozen=True)
class Answer:
    """What the shop answered."""

    status: int
    location: str
    body: str


class Buyer:
    """Somebody with a basket of their own; `without` names guards that an unguarded shop drops."""

    def __init__(self, origin: str, name: str, *, without: str = "") -> None:
        self.origin = origin
        self.name = name
        self.without = without
        self.cookies: dict[str, str] = {}
        self.form: dict[str, str] = {}

    def put_in(self, sku: str, quantity: int = 1) -> None:
        answer = self.post("/basket/add/", {"sku": sku, "quantity": str(quantity)})
        assert answer.status == 303, (answer.status, answer.body[:2000])

    def choose_pickup(self) -> None:
        answer = self.post("/basket/delivery/", {"country": "DE", "method": "pickup"})
        assert answer.status == 303, answer.status

    def read_checkout(self) -> None:
        """Open the checkout page, and keep what it was shown to agree to."""
        answer = self.get("/checkout/")
        assert answer.status == 200, (answer.status, answer.location)
        self.form = {
            **dict(_HIDDEN.findall(answer.body)),
            "email": f"{self.name}@example.com",
            "name": self.name,
            "accept_terms": "on",
        }

    def order(self, **changes: str) -> Answer:
        """Press "order and pay"."""
        return self.post("/checkout/", {**self.form, **changes})

    def get(self, path: str) -> Answer:
        return self._ask("GET", path)

    def post(self, path: str, fields: dict[str, str]) -> Answer:
        return self._ask("POST", path, urlencode(fields))

    def _ask(self, method: str, path: str, body: str | None = None) -> Answer:
        parts = urlsplit(self.origin)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        headers = {
            "Origin": self.origin,
            "Connection": "close",
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "X-Without": self.without,
        }
        try:
            connection.request(method, path, body=body, headers=headers)
            answer = connection.getresponse()
            for header in answer.headers.get_all("Set-Cookie", []):
                for name, morsel in SimpleCookie(header).items():
                    self.cookies[name] = morsel.coded_value
            text = answer.read().decode(errors="replace")
            return Answer(answer.status, answer.headers.get("Location", ""), text)
        finally:
            connection.close()
