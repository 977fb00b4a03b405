"""A gift card's way: bought, mailed, spent in part by somebody else, and seen by staff."""

import re
from collections.abc import Callable

from django.utils import timezone
import pytest
from playwright.sync_api import expect

from tests.browser import mailbox
from tests.browser.conftest import PHONE
from tests.browser.test_accessibility import faults
from tests.browser.visitor import PAID, WASH_MINOR, Visitor

pytestmark = pytest.mark.browser

CARD = "/shop/gift-card/"
CARD_MINOR = 2500
_CODE = re.compile(r"Its code: (\S+)")


def test_a_card_is_given_and_pays_a_part_of_somebody_elses_order(
    visit: Callable[..., Visitor],
) -> None:
    """Whoever gets it has a phone and no JavaScript."""
    giver, friend, manager = visit(), visit(scripts=False, width=PHONE), visit()
    found = _gives(giver, to=friend.email)
    code = _code_in_mail_to(friend)

    friend.add()
    friend.add()
    friend.choose_delivery()
    friend.page.get_by_label("Code", exact=True).fill(code.lower())
    friend.press("^Apply$")
    totals = friend.page.locator("#basket")
    expect(totals).to_contain_text(f"Gift card …{code[-4:]}")
    expect(totals).to_contain_text("−€25.00")
    looking = visit(width=PHONE)  # axe needs the JavaScript that the friend does without.
    looking.context.add_cookies(friend.context.cookies())  # type: ignore[arg-type]
    looking.go("/basket/")
    looking.sees(f"Gift card …{code[-4:]}")
    found += faults(looking.page)
    friend.order(address=False)
    friend.pay()
    friend.sees_heading(PAID)
    order = friend.shop.backstage.only_order_of(friend.email)
    assert (order["status"], order["paid_minor"]) == ("PAID", 2 * WASH_MINOR)
    [charge] = friend.shop.stripe.charges_of(order["number"])
    assert charge["amount"] == 2 * WASH_MINOR - CARD_MINOR

    manager.sign_in("Manager", to=f"/admin/gift-cards/?q={friend.email}")
    manager.page.get_by_role("link", name=f"Gift card …{code[-4:]}").first.click()
    events = manager.page.get_by_role("group", name="What happened to it").locator("tbody tr")
    expect(events).to_have_count(3)
    for event, said, left in zip(
        events.all(),
        ("Issued", "Held for an order", "Spent"),
        ("25.00", "0.00", "0.00"),
        strict=True,
    ):
        expect(event).to_contain_text(said)
        expect(event).to_contain_text(left)
    found += faults(manager.page)
    assert found == []


def _gives(giver: Visitor, *, to: str) -> list[str]:
    """Buy a card for somebody, to be mailed today; return what is wrong with its page."""
    page = giver.page
    giver.go(CARD)
    found = faults(page)
    page.get_by_label("A first wash and a balm").check()
    page.get_by_label("Who gets it").fill("Bea")
    page.get_by_label("Their e-mail address").fill(to)
    page.get_by_label("Your name, as they read it").fill("Ada")
    page.get_by_label("A few words from you").fill("Take a quiet hour.")
    page.get_by_label("When we mail it").fill(timezone.localdate().isoformat())
    giver.press("^Add gift card to basket$")
    giver.sees_heading("Your basket")
    giver.order(address=False)
    giver.pay()
    giver.sees_heading(PAID)
    giver.sees(re.compile("^Mailed on "))
    return found


def _code_in_mail_to(friend: Visitor) -> str:
    words = mailbox.open_mail(friend, "Ada has a gift card for you").locator("pre").first
    expect(words).to_contain_text("Take a quiet hour.")
    match = _CODE.search(words.text_content() or "")
    assert match, words.text_content()
    return match[1]
