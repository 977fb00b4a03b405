"""Somebody in front of the shop, who sees its pages and presses its buttons."""

import re
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.running_shop import RunningShop
from tests.browser.watching import Watch

WASH = "/shop/wash/low-foam-daily-wash/"
WASH_SKU = "GAL-LFW-250"
WASH_MINOR = 2400
SESSIONS = "/shop/session-packages/scalp-microdermabrasion/"
SESSIONS_SKU = "GAL-MDA-6"

PAYS = "4242 4242 4242 4242"
DECLINED = "4000 0000 0000 0002"
ASKS_BANK = "4000 0025 0000 3155"

PAID = "Thank you. Your order is paid"


@dataclass(frozen=True)
class Visitor:
    """One tab of one browser; nothing is shared with other visitors but the shop.

    :ivar email: an address that no other visitor of any test has.
    """

    shop: RunningShop
    context: BrowserContext
    page: Page
    watch: Watch
    email: str
    scripts: bool

    # --- Going places -----------------------------------------------------------------------

    def go(self, path: str) -> None:
        self.page.goto(f"{self.shop.origin}{path}")

    def new_tab(self) -> "Visitor":
        """Open a second tab of the same browser."""
        return replace(self, page=self.context.new_page())

    @property
    def path(self) -> str:
        return urlsplit(self.page.url).path

    def sees(self, text: str | re.Pattern[str]) -> None:
        """Make sure that a text is on the screen."""
        expect(self.page.get_by_text(text).filter(visible=True).first).to_be_visible()

    def sees_heading(self, text: str | re.Pattern[str]) -> None:
        expect(self.page.get_by_role("heading", name=text).first).to_be_visible()

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=re.compile(name)).first.click()

    def sign_in(self, role: str, *, to: str) -> None:
        """Come in as somebody of the demo's staff, to a screen of the admin.

        `tests/browser/test_entering.py` comes by the door; a code is good once in half a minute.
        """
        email, _ = self.shop.logins[role]
        cookie = self.shop.backstage.do("let_in", email=email)
        self.context.add_cookies(
            [{"name": cookie["name"], "value": cookie["value"], "url": self.shop.origin}]
        )
        self.go(to)

    # --- Basket -----------------------------------------------------------------------------

    def add(self, path: str = WASH, label: str = "250 ml") -> None:
        """Put something into the basket from its page; the script's drawer is closed again."""
        self.go(path)
        choice = self.page.locator("label").filter(has_text=re.compile(rf"^\s*{label}"))
        if choice.count():
            choice.first.click()
        self.press("^Add .*to basket")
        if not self.scripts:
            self.sees_heading("Your basket")
            return
        expect(self.drawer.locator("[data-announce]")).to_contain_text("Added: ")
        self.drawer.get_by_role("button", name="Close the basket").click()
        expect(self.drawer).to_be_hidden()

    @property
    def drawer(self) -> Locator:
        return self.page.get_by_role("dialog")

    def line(self, sku: str = WASH_SKU) -> Locator:
        return self.page.locator(f"#page-line-{sku}")

    def choose_delivery(self, name: str = "Pick up at the clinic", country: str = "DE") -> None:
        """Choose where to and how, on the basket's page."""
        self.go("/basket/")
        select = self.page.get_by_label("Country")
        if select.input_value() != country:
            self._changing_delivery(lambda: select.select_option(country))
        label = self.page.locator(".choices label").filter(has_text=name)
        if not label.locator("input").is_checked():
            self._changing_delivery(label.click)
        expect(label.locator("input")).to_be_checked()

    def _changing_delivery(self, act: object) -> None:
        assert callable(act)
        with self.page.expect_response(lambda answer: answer.url.endswith("/basket/")) as answer:
            act()
            if not self.scripts:
                self.press("Update delivery")
        answer.value.finished()

    # --- Suitability ------------------------------------------------------------------------

    def takes_the_check(self, path: str = SESSIONS) -> None:
        """Say of oneself what makes sessions suit, from the page that sells them."""
        self.go(path)
        self.page.get_by_role("link", name="Check whether it suits you").click()
        self.page.get_by_label("Your date of birth").fill("1990-05-17")
        for question in self.page.locator("fieldset.question").all():
            question.locator("label").first.click()
        self.page.get_by_label("I agree that the clinic uses").check()
        self.press("^See whether it suits me$")
        self.sees_heading("You can go ahead")

    # --- Checkout ---------------------------------------------------------------------------

    def fill_in_details(self, *, address: bool = True) -> None:
        """Fill in the checkout page."""
        page = self.page
        page.get_by_label("E-mail address").fill(self.email)
        page.get_by_label("Full name").fill("Ada Lindqvist")
        if address:
            page.get_by_label("Street and house number").fill("Turmstr. 4")
            page.get_by_label("Postcode").fill("10559")
            page.get_by_label("Town or city").fill("Berlin")
        page.get_by_label("I agree to the terms").check()

    def order(self, *, address: bool = True) -> None:
        """Fill in the checkout page and go on to the payment page."""
        self.go("/checkout/")
        self.fill_in_details(address=address)
        self.press("^Order and pay")
        self.is_at_payment()

    def is_at_payment(self) -> None:
        self.page.wait_for_url(f"{self.shop.stripe.origin}/c/pay/**")

    def pay(self, card: str = PAYS) -> None:
        """Type a card on the payment page and press its button."""
        self.page.get_by_label("Card number").fill(card)
        self.page.get_by_label("Expires").fill("12 / 34")
        self.page.get_by_label("Security code").fill("123")
        self.press("^Pay €")

    def pay_by_debit(self) -> None:
        """Choose the bank debit that is decided later."""
        self.page.get_by_label("Bank debit, settled from the control page").check()
        self.press("^Pay €")

    def buys(self, path: str = WASH, label: str = "250 ml") -> None:
        """Buy one thing and collect it at the clinic."""
        self.add(path, label)
        self.choose_delivery()
        self.order(address=False)
        self.pay()
        self.sees_heading(PAID)
