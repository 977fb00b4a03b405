"""The shop as in production, but no page is kept: each request builds its page."""

from storefront.settings.production import *
from storefront.settings.production import MIDDLEWARE

MIDDLEWARE = [name for name in MIDDLEWARE if "page_cache" not in name]
