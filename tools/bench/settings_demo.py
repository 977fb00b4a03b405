"""The demo, but no page is kept: each request builds its page."""

from storefront.settings.demo import *
from storefront.settings.demo import MIDDLEWARE

MIDDLEWARE = [name for name in MIDDLEWARE if "page_cache" not in name]
