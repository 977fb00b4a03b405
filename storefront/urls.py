"""Every address of the shop, the fixed ones first; the page tree answers the rest."""

from django.conf import settings
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from storefront.media import show_upload

urlpatterns = [
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("account/", include("allauth.account.urls")),
    path("", include("checkout.urls")),
    *([path("media/<path:path>", show_upload)] if settings.SERVE_MEDIA else []),
    path("", include(wagtail_urls)),
]
