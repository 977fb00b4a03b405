"""Building an image: enough to collect static files, and nothing that could serve a customer."""

from django.core.management.utils import get_random_secret_key

from storefront.settings.base import *
from storefront.settings.base import STORAGES

SECRET_KEY = get_random_secret_key()
STORAGES["staticfiles"] = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
