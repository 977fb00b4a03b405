"""Every kind of public page, by an address of the seeded shop."""

from tests.browser.visitor import SESSIONS, WASH

HOME = "/"
CATEGORY = "/shop/wash/"
ANONYMOUS = (
    HOME,
    "/shop/",
    CATEGORY,
    "/shop/?concern=flaky&sort=price",
    WASH,
    "/shop/soothe-and-moisturise/overnight-scalp-mask/",
    SESSIONS,
    "/treatments/",
    "/treatments/scalp-microdermabrasion/",
    "/scalp-guide/",
    "/scalp-guide/microdermabrasion-on-the-scalp/",
    "/about/",
    "/delivery-and-returns/",
    "/imprint/",
    "/privacy/",
    "/terms/",
    "/search/",
    "/search/?q=scalp",
    "/search/?q=xylophone",
    "/basket/",
    "/account/login/",
    "/account/password/reset/",
)
MISSING = "/no-such-page/"
