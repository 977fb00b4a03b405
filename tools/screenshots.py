"""Take the screenshots of the main pages again, for the README and for whoever works on the look.

Starts a demo shop of its own on a copy of the seeded data, buys something in it, and stops it.
`python -m tools.screenshots editor` takes those of the editor alone.
"""

import contextlib
import sys
import tempfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import waiting
from tests.browser.chromium import CHROMIUM
from tests.browser.conftest import ARGUMENTS, DESKTOP, PHONE
from tests.browser.running_shop import RunningShop
from tests.browser.visitor import SESSIONS, WASH, Visitor
from tests.browser.watching import Watch
from tools.environment import ROOT
from tools.terminal import Step

TARGET = ROOT / "docs" / "screenshots"
HEIGHTS = {PHONE: 844, DESKTOP: 900}
# A screenshot has few colours; with a palette it weighs a third.
COLOURS = 256
SERUM = "/shop/soothe-and-moisturise/quiet-scalp-serum/"


def main() -> int:
    """Take every screenshot, the public ones at both widths; or those of the editor alone."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        _running(Path(folder)) as shop,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        with Step("Taking screenshots of the editor"):
            _editor(_visitor(shop, browser, DESKTOP))
        if sys.argv[1:] != ["editor"]:
            _shop_and_desk(shop, browser)
        browser.close()
    print(f"  {len(list(TARGET.glob('*.png')))} pictures are in {TARGET.relative_to(ROOT)}/")
    return 0


def _shop_and_desk(shop: RunningShop, browser: Browser) -> None:
    for width in HEIGHTS:
        with Step(f"Taking screenshots at {width} px"):
            _walk(_visitor(shop, browser, width), width)
    with Step("Taking screenshots of the order desk"):
        _order_desk(_visitor(shop, browser, DESKTOP))
    with Step("Taking screenshots of what comes back"):
        _paying_back(_visitor(shop, browser, DESKTOP))
        _return(_visitor(shop, browser, PHONE))


@contextlib.contextmanager
def _running(folder: Path) -> Iterator[RunningShop]:
    with Step("Starting a shop"):
        shop = RunningShop(folder)
    try:
        yield shop
    finally:
        shop.stop()


def _visitor(shop: RunningShop, browser: Browser, width: int) -> Visitor:
    context = browser.new_context(
        viewport={"width": width, "height": HEIGHTS[width]},
        reduced_motion="reduce",
        color_scheme="light",
        locale="en-GB",
    )
    watch = Watch(context, origins=[shop.origin, shop.stripe.origin])
    return Visitor(
        shop=shop,
        context=context,
        page=context.new_page(),
        watch=watch,
        email=f"ada.{width}@example.com",
        scripts=True,
    )


def _walk(visitor: Visitor, width: int) -> None:
    """Go the way of a buyer and keep what is seen on it."""

    def keep(name: str) -> None:
        _keep(visitor.page, f"{name}-{width}")

    for name, path in (("home", "/"), ("category", "/shop/"), ("product", WASH)):
        visitor.go(path)
        keep(name)
    visitor.go(SESSIONS)
    keep("package")
    visitor.go("/scalp-guide/microdermabrasion-on-the-scalp/")
    keep("article")
    visitor.add(SERUM, "50 ml")
    visitor.takes_the_check()
    keep("suitability")
    visitor.add(SESSIONS, "6 sessions")
    visitor.choose_delivery("Standard")
    keep("basket")
    visitor.go("/checkout/")
    visitor.fill_in_details()
    keep("checkout")
    visitor.press("^Order and pay")
    visitor.is_at_payment()
    visitor.pay()
    visitor.sees_heading("Thank you. Your order is paid")
    keep("landing")
    visitor.go("/withdraw/")
    number = visitor.shop.backstage.only_order_of(visitor.email)["number"]
    visitor.page.get_by_label("Order number").fill(number)
    visitor.page.get_by_label("E-mail address").fill(visitor.email)
    visitor.press("^Continue$")
    visitor.sees_heading("Confirm withdrawal")
    keep("withdrawal")


def _editor(visitor: Visitor) -> None:
    """Begin an article as docs/writing.md says; look at another one, and let it claim too much."""
    page = visitor.page
    visitor.sign_in("Marketer", to="/admin/articles/")
    page.get_by_role("link", name="Add article").first.click()
    page.locator("#id_title").fill("Which comb suits which hair")
    # Wagtail saves by itself what changes a moment after its scripts have started.
    intro = "A comb with wide teeth pulls least. Comb from the tips up."
    page.locator("#id_intro").press_sequentially(intro, delay=50)
    page.get_by_text("Saved").filter(visible=True).first.wait_for()
    _keep(page, f"editor-new-{DESKTOP}")
    body = page.locator("#panel-child-content-body-section")
    body.get_by_role("button", name="Insert a block").click()
    page.get_by_role("option", name="Steps").locator("xpath=..").get_by_role("button").click()
    _keep(page, f"editor-blocks-{DESKTOP}")
    visitor.go("/admin/articles/?q=14+days")
    page.get_by_role("link", name="The first 14 days after a session").first.click()
    page.locator('[data-side-panel-toggle="preview"]').click()
    page.frame_locator("#w-preview-iframe").get_by_role("heading", level=1).wait_for()
    _keep(page, f"editor-preview-{DESKTOP}")
    page.locator('[data-side-panel-toggle="checks"]').click()
    page.locator("#id_intro").fill("This routine regrows hair and is clinically proven.")
    page.get_by_text("1 sentence must change").wait_for()
    _keep(page, f"claims-editor-{DESKTOP}")


def _order_desk(visitor: Visitor) -> None:
    """Sign in as the manager and keep the list of orders and the newest order."""
    page = visitor.page
    visitor.sign_in("Manager", to="/admin/orders/")
    _keep(page, f"orders-{DESKTOP}")
    number = visitor.shop.backstage.only_order_of(f"ada.{DESKTOP}@example.com")["number"]
    page.get_by_role("row").filter(has_text=number).get_by_role("link").first.click()
    page.get_by_role("heading", level=1, name=number).wait_for()
    _keep(page, f"order-admin-{DESKTOP}")
    for name, path in (
        ("admin-home", "/admin/"),
        ("packing", "/admin/orders/packing/"),
        ("for-customer", "/admin/orders/for-customer/"),
        ("stock-take", "/admin/stock_take/begin/?q=GAL"),
        ("recall", "/admin/recalls/start/?q=BB-2409"),
        ("sales", "/admin/reports/sales/"),
        ("promises", "/admin/reports/promises/"),
    ):
        visitor.go(path)
        _keep(page, f"{name}-{DESKTOP}")
    visitor.go(f"/admin/orders/?q={number}")
    page.get_by_role("row").filter(has_text=number).get_by_role("link").first.click()
    _dispute(visitor, number)


def _dispute(visitor: Visitor, number: str) -> None:
    """Let the bank take an order's money back, and keep what its screen says then."""
    page, stripe = visitor.page, visitor.shop.stripe
    [charge] = stripe.charges_of(number)
    stripe.control(f"payments/{charge['id']}/dispute")

    def is_known() -> bool:
        page.reload()
        return page.get_by_text("The buyer's bank disputes").count() > 0

    waiting.until(is_known)
    _keep(page, f"dispute-{DESKTOP}")


def _paying_back(visitor: Visitor) -> None:
    """Ask what would go back for one piece of an order of the demo."""
    page = visitor.page
    visitor.sign_in("Manager", to="/admin/orders/?q=amara@example.com&status=COMPLETED")
    page.get_by_role("row", name="Amara").get_by_role("link").first.click()
    page.get_by_role("link", name="Pay back…").first.click()
    row = page.get_by_role("row", name="Quiet Scalp Serum")
    row.get_by_label("that left us").fill("1")
    row.get_by_label("can be sold again").check()
    visitor.press("^Show the amount$")
    visitor.sees("would go back")
    _keep(page, f"refund-{DESKTOP}")


def _return(visitor: Visitor) -> None:
    """Take the goods of a return of the demo in, as somebody with a phone does."""
    page = visitor.page
    visitor.sign_in("Manager", to="/admin/returns/?status=ASKED")
    page.get_by_role("row", name="Low-Foam Daily Wash").get_by_role("link").first.click()
    page.get_by_label("To the buyer").fill("Send it back, please; a whole one comes to you.")
    visitor.press("^Approve$")
    visitor.press("^They have come$")
    visitor.sees("Look at them piece by piece")
    _keep(page, f"return-{PHONE}")


def _keep(page: Page, name: str) -> None:
    """Write what is on the screen, as a small PNG."""
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_load_state("networkidle")
    picture = Image.open(BytesIO(page.screenshot(animations="disabled")))
    small = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    small.save(TARGET / f"{name}.png", optimize=True)


if __name__ == "__main__":
    sys.exit(main())
