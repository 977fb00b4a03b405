"""The whole life of a package: checked, bought, used, paused, given, come back, paid back."""

import datetime as dt
import re
from collections.abc import Callable

from django.utils import timezone
import pytest
from playwright.sync_api import expect

from tests.browser import mailbox
from tests.browser.conftest import PHONE
from tests.browser.visitor import PAID, SESSIONS, Visitor

pytestmark = pytest.mark.browser

PARTS_OF_THE_KIT = ("GAL-CLM-100", "GAL-BRB-75", "GAL-MSS-50", "GAL-SSB-01")


def test_a_package_is_used_paused_given_and_what_came_back_is_paid_back(
    visit: Callable[..., Visitor],
) -> None:
    """The giver and both recipients without JavaScript, staff with it."""
    giver, clinician, manager = visit(scripts=False, width=PHONE), visit(), visit()
    _buys_six_sessions(giver)
    number = giver.shop.backstage.only_order_of(giver.email)["number"]
    mailbox.sign_in(giver)
    clinician.sign_in("Clinical reviewer", to=f"/admin/sessionpass/desk/?q={giver.email}")
    _redeems_three(clinician)
    pass_page = _opens_the_pass(giver, left=3)
    _pauses_later(giver)

    friend, sister = visit(scripts=False), visit(scripts=False, width=PHONE)
    _gives(giver, pass_page, to=friend.email)
    _takes_it(friend)
    giver.go(pass_page)
    expect(giver.page.locator(".own-pass-left")).to_have_text(re.compile(r"2\s+of 6 left"))
    giver.sees("Accepted on")
    _gives(giver, pass_page, to=sister.email)
    _is_told_not_now(sister)
    _sends_them_back(sister)

    giver.go(pass_page)
    giver.sees(re.compile(r"^Came back to you on"))
    promised = giver.page.locator(".worth tfoot .num").inner_text()
    manager.sign_in("Manager", to=f"/admin/orders/?q={number}")
    _pays_back(manager, number, promised)
    giver.go(pass_page)
    expect(giver.page.locator(".own-pass-left")).to_have_text(re.compile(r"0\s+of 6 left"))
    mailbox.open_mail(giver, "Your sessions came back to you")


def test_whom_sessions_do_not_suit_takes_a_kit_and_the_rest_goes_back(
    visit: Callable[..., Visitor],
) -> None:
    """One recipient without JavaScript on a phone, one with it; neither has an account."""
    giver = visit(scripts=False)
    for part in PARTS_OF_THE_KIT:  # Whoever came before may have bought them.
        giver.shop.backstage.do("set_free", sku=part, free=10)
    _buys_six_sessions(giver)
    mailbox.sign_in(giver)
    pass_page = _opens_the_pass(giver, left=6)
    for friend, left in ((visit(scripts=False, width=PHONE), 4), (visit(), 2)):
        _gives(giver, pass_page, to=friend.email, sessions=2)
        _is_told_not_now(friend)
        _takes_the_kit(friend, country="Austria", how="eu-standard")
        order = friend.shop.backstage.only_order_of(friend.email)
        assert (order["status"], order["paid_minor"]) == ("PAID", order["total_minor"])
        giver.go(pass_page)
        expect(giver.page.locator(".own-pass-left")).to_have_text(
            re.compile(rf"{left}\s+of 6 left")
        )
        over_minor = 14_000 - order["total_minor"]
        told = mailbox.open_mail(giver, "Your gift became something else").locator("pre").first
        expect(told).to_contain_text(f"€{over_minor / 100:.2f}")
        expect(told).not_to_contain_text("Kit")


def _buys_six_sessions(giver: Visitor) -> None:
    giver.takes_the_check()
    giver.add(SESSIONS, "6 sessions")
    giver.order(address=False)
    giver.pay()
    giver.sees_heading(PAID)


def _redeems_three(clinician: Visitor) -> None:
    """The second and third of a day are a clinician's to allow, with a reason."""
    left = clinician.page.locator(".desk-card__left")
    clinician.press("^Redeem 1 session$")
    expect(left).to_have_text("5 left")
    for count in (4, 3):
        clinician.page.get_by_label("Why sooner?").fill("Seen; the scalp is calm.")
        clinician.press("^Redeem sooner$")
        expect(left).to_have_text(f"{count} left")


def _opens_the_pass(giver: Visitor, *, left: int) -> str:
    giver.go("/account/")
    giver.page.locator(".own-pass a").first.click()
    expect(giver.page.locator(".own-pass-left")).to_have_text(re.compile(rf"{left}\s+of 6 left"))
    return giver.path


def _pauses_later(giver: Visitor) -> None:
    """A pause that is still to come; nobody has to wait for it here."""
    first = timezone.localdate() + dt.timedelta(days=60)
    giver.page.get_by_label("From", exact=True).fill(first.isoformat())
    until = giver.page.get_by_label("Until, the first day you can come again")
    until.fill((first + dt.timedelta(days=7)).isoformat())
    giver.press("^Pause my pass$")
    giver.sees("the days are added to its end")


def _gives(giver: Visitor, pass_page: str, *, to: str, sessions: int = 1) -> None:
    giver.go(pass_page)
    giver.page.get_by_role("link", name="Give sessions").click()
    page = giver.page
    page.get_by_label("How many sessions").select_option(str(sessions))
    page.get_by_label("Who gets them").fill("Bea")
    page.get_by_label("Their e-mail address").fill(to)
    page.get_by_label("Your name, as they read it").fill("Ada")
    page.get_by_label("A few words from you").fill("Take a quiet hour.")
    giver.press("^Give them$")
    giver.sees(f"{sessions} session{'s' if sessions > 1 else ''} for Bea")


def _opens_the_gift(recipient: Visitor) -> None:
    link = mailbox.link_in_mail(recipient, "Ada has a gift for you", "/gifts/")
    recipient.page.goto(link)
    recipient.sees("Take a quiet hour.")
    recipient.page.get_by_role("link", name="Check whether it suits me").click()
    recipient.page.get_by_label("Your date of birth").fill("1988-11-02")
    for question in recipient.page.locator("fieldset.question").all():
        question.locator("label").first.click()


def _takes_it(friend: Visitor) -> None:
    _opens_the_gift(friend)
    friend.page.get_by_label("I agree that the clinic uses").check()
    friend.press("^See whether it suits me$")
    friend.sees_heading("Nothing speaks against it")
    friend.press("^Accept 1 session$")
    friend.sees_heading("1 session, yours now")


def _is_told_not_now(sister: Visitor) -> None:
    _opens_the_gift(sister)
    broken = sister.page.locator("fieldset.question").first
    broken.locator("label").filter(has_text="Yes").click()
    sister.page.get_by_label("I agree that the clinic uses").check()
    sister.press("^See whether it suits me$")
    sister.sees_heading("Not now")
    for choice in ("Take something else", "Let the sessions go back", "Talk to us", "Wait a while"):
        sister.sees_heading(choice)


def _sends_them_back(sister: Visitor) -> None:
    sister.press("^Send them back$")
    sister.sees_heading("The sessions have gone back")


def _takes_the_kit(friend: Visitor, *, country: str, how: str) -> None:
    page = friend.page
    page.get_by_role("link", name="See what there is").click()
    page.get_by_label("What would you like?").select_option("Aftercare Kit, Set of four")
    page.get_by_label("Country").select_option(country)
    page.get_by_label("How should it come?").select_option(how)
    page.get_by_label("Street and house number").fill("Lindenweg 2")
    page.get_by_label("Postcode").fill("1040")
    page.get_by_label("Town or city").fill("Wien")
    friend.press("^Take it for the gift$")
    friend.sees("Aftercare Kit")
    assert friend.path.startswith("/orders/")


def _pays_back(staff: Visitor, number: str, promised: str) -> None:
    """Staff pay back what the giver's own page promised, to the cent."""
    staff.page.get_by_role("row").filter(has_text=number).get_by_role("link").first.click()
    staff.page.get_by_text(f"Give back {promised}…").click()
    staff.press(f"^Yes, give back {re.escape(promised)}$")
    staff.sees(re.compile(rf"The sessions are taken back; {re.escape(promised)} is on its way"))
