"""Development: errors shown in the browser, mail on the console, nothing to set up."""

from storefront.settings.base import *
from storefront.settings.base import GIFT_CARD_KEY, HEALTH_DATA_KEYS, env

DEBUG = env.bool("DEBUG", default=True)
SECRET_KEY = env.str("SECRET_KEY", default="insecure-for-development-only")
HEALTH_DATA_KEYS = HEALTH_DATA_KEYS or ["insecure-for-development-only"]
GIFT_CARD_KEY = GIFT_CARD_KEY or "insecure-for-development-only"
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", "testserver"]
SERVE_MEDIA = True
STRIPE_API_BASE_EXPECTED = True

# Edited templates show at once.
PAGE_CACHE_MB = 0
