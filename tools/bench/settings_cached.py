"""The shop as it runs in production."""

from storefront.settings.production import *
