"""A running shop and visitors to it; whatever a browser complains of fails the test."""

import os
import re
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.chromium import CHROMIUM
from tests.browser.running_shop import RunningShop
from tests.browser.visitor import Visitor
from tests.browser.watching import Watch
from tools.environment import ROOT

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# A crowded machine is slow, not wrong.
PATIENCE_MS = 20_000
PHONE, DESKTOP = 390, 1320
_FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    report: Any = yield
    item.stash[_FAILED] = item.stash.get(_FAILED, False) or report.failed
    return report


@pytest.fixture(scope="package")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningShop]:
    """The shop that all visitors of this test process share; its processes end with the last."""
    running = RunningShop(tmp_path_factory.mktemp("shop"))
    yield running
    running.stop()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    # Playwright keeps an event loop in this thread, which Django would take for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture
def visit(
    shop: RunningShop, browser: Browser, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Visitor]]:
    """Bring visitors: each call opens a browser without a past."""
    visitors: list[Visitor] = []

    def arrive(
        *, scripts: bool = True, width: int = DESKTOP, height: int = 900, **options: Any
    ) -> Visitor:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            java_script_enabled=scripts,
            reduced_motion="reduce",
            locale="en-GB",
            **options,
        )
        context.set_default_timeout(PATIENCE_MS)
        watch = Watch(context, origins=[shop.origin, shop.stripe.origin])
        name = f"visitor-{zlib.crc32(request.node.nodeid.encode()):08x}"
        visitor = Visitor(
            shop=shop,
            context=context,
            page=context.new_page(),
            watch=watch,
            email=f"{name}-{len(visitors)}@example.com",
            scripts=scripts,
        )
        visitors.append(visitor)
        return visitor

    yield arrive
    if request.node.stash.get(_FAILED, False):
        _keep_pictures(visitors, request.node.name)
    for visitor in visitors:
        visitor.context.close()
    complaints = [complaint for visitor in visitors for complaint in visitor.watch.complaints]
    assert complaints == []


@pytest.fixture
def visitor(visit: Callable[..., Visitor]) -> Visitor:
    """One visitor at a desk, with JavaScript."""
    return visit()


def _keep_pictures(visitors: list[Visitor], name: str) -> None:
    """Keep what was on the screens when a test failed."""
    folder = ROOT / "test-results"
    folder.mkdir(exist_ok=True)
    for number, page in enumerate(page for one in visitors for page in one.context.pages):
        stem = re.sub(r"[^\w-]+", "_", name)
        page.screenshot(path=Path(folder / f"{stem}-{number}.png"))
        (folder / f"{stem}-{number}.txt").write_text(f"{page.url}\n\n{page.inner_text('body')}")
