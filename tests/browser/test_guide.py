"""What readers do with the guide in a browser: watch, buy from it, subscribe and leave."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.mailbox import link_in_mail
from tests.browser.public_pages import FILMED
from tests.browser.test_accessibility import faults
from tests.browser.visitor import PAID, Visitor

pytestmark = pytest.mark.browser

BOTH = pytest.mark.parametrize(
    ("scripts", "width"), [(True, PHONE), (False, DESKTOP)], ids=["scripts", "no-scripts"]
)
PLAYER = "https://www.youtube-nocookie.com/"


def test_a_film_asks_nobody_before_two_clicks_and_then_plays_in_its_place(
    visit: Callable[..., Visitor],
) -> None:
    reader = visit(width=PHONE)
    asked: list[str] = []

    def play(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(body="<title>Film</title>It plays.", content_type="text/html")

    reader.page.route(f"{PLAYER}**", play)
    reader.go(FILMED)
    film = reader.page.locator("figure.video")
    film.scroll_into_view_if_needed()
    film.get_by_text("Read what is said in the film").click()
    expect(film.get_by_text("Nobody speaks in this film.")).to_be_visible()
    film.get_by_role("link", name="Watch, 10 minutes").click()
    question = film.get_by_text("This film comes from YouTube.")
    expect(question.locator("xpath=..")).to_be_focused()
    assert faults(reader.page) == []
    assert asked == []
    assert reader.watch.complaints == []

    film.get_by_role("button", name="Play it here").click()

    inside = reader.page.frame_locator("figure.video iframe")
    expect(inside.get_by_text("It plays.")).to_be_visible()
    assert asked == [f"{PLAYER}embed/aqz-KE-bpKQ?autoplay=1&rel=0"]
    # The film's own site is the one third party that this reader agreed to.
    assert [each.partition("?")[0] for each in reader.watch.complaints] == [
        f"third party: {PLAYER}embed/aqz-KE-bpKQ"
    ]
    reader.watch.complaints.clear()

    plain = visit(scripts=False)
    plain.go(FILMED)
    link = plain.page.locator("figure.video").get_by_role("link", name="Watch, 10 minutes")
    expect(link).to_have_attribute("href", "https://www.youtube.com/watch?v=aqz-KE-bpKQ")


@BOTH
def test_an_article_s_card_is_bought_from_the_article(
    visit: Callable[..., Visitor], scripts: bool, width: int
) -> None:
    reader = visit(scripts=scripts, width=width)
    reader.go(FILMED)
    card = reader.page.locator("aside.sold-here").filter(has_text="Product from our shop").first
    name = card.get_by_role("heading").inner_text()
    card.get_by_role("button", name="Add to basket").click()
    if scripts:
        expect(reader.drawer.locator("[data-announce]")).to_contain_text("Added: ")
        expect(reader.drawer).to_contain_text(name)
    else:
        reader.sees_heading("Your basket")
        reader.sees(name)

    reader.choose_delivery()
    reader.order(address=False)
    reader.pay()

    reader.sees_heading(PAID)
    order = reader.shop.backstage.only_order_of(reader.email)
    assert order["status"] == "PAID"
    assert sum(order["lines"].values()) == 1


@BOTH
def test_a_reader_subscribes_reads_an_issue_and_leaves_with_one_click(
    visit: Callable[..., Visitor], scripts: bool, width: int
) -> None:
    reader = visit(scripts=scripts, width=width)
    subject = f"What to do in winter, {'with' if scripts else 'without'} scripts"
    reader.go("/newsletter/")
    reader.page.locator("main").get_by_label("E-mail address").fill(reader.email)
    reader.press("^Send me the newsletter$")
    reader.page.wait_for_url("**/newsletter/look-in-your-inbox/")
    reader.page.goto(link_in_mail(reader, "newsletter", "/newsletter/confirm/"))
    reader.press("^Yes, send me the newsletter$")
    reader.sees_heading("You are subscribed")

    reader.shop.backstage.do("send_issue", subject=subject)

    web = link_in_mail(reader, subject, "/newsletter/issues/")
    leave = link_in_mail(reader, subject, "/newsletter/unsubscribe/")
    reader.page.goto(web)
    reader.sees_heading(subject)
    if scripts:
        assert faults(reader.page) == []
    reader.page.goto(leave)
    reader.press("^Unsubscribe$")
    reader.sees_heading("You are unsubscribed")
    assert reader.shop.backstage.do("subscription", email=reader.email) == "UNSUBSCRIBED"
