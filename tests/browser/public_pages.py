"""Every kind of public page, by an address of the seeded shop."""

from tests.browser.visitor import SESSIONS, WASH

HOME = "/"
CATEGORY = "/shop/wash/"
ARTICLE = "/scalp-guide/microdermabrasion-on-the-scalp/"
FILMED = "/scalp-guide/the-first-14-days-after-a-session/"
GUIDE = "/scalp-guide/"
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
    GUIDE,
    "/scalp-guide/topics/aftercare/",
    "/scalp-guide/people/",
    "/scalp-guide/people/ines-albrecht/",
    ARTICLE,
    FILMED,
    "/scalp-guide/tags/first-visit/",
    "/newsletter/",
    "/newsletter/look-in-your-inbox/",
    "/newsletter/issues/",
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
