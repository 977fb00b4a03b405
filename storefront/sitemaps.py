"""What search engines and security researchers look for at fixed addresses."""

import datetime as dt
from email.utils import parseaddr

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

# Nothing here is secret; crawlers are only spared what shows them nothing.
NOT_FOR_CRAWLERS = ("/admin/", "/account/", "/basket/", "/checkout/", "/orders/", "/documents/")
# RFC 9116 asks for a date within the year.
CONTACT_VALID = dt.timedelta(days=180)


@require_safe
@cache_control(public=True, max_age=3600)
def robots_txt(_request: HttpRequest) -> HttpResponse:
    """Say which paths are not worth a crawler's visit, and where the sitemap is."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in NOT_FOR_CRAWLERS), ""]
    lines.append(f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


@require_safe
@cache_control(public=True, max_age=3600)
def security_txt(_request: HttpRequest) -> HttpResponse:
    """Say where to report a weakness, as RFC 9116 has it."""
    expires = (timezone.now() + CONTACT_VALID).replace(microsecond=0)
    lines = [
        f"Contact: mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}",
        f"Expires: {expires.astimezone(dt.UTC).isoformat()}",
        "Preferred-Languages: en",
        f"Canonical: {settings.SITE_URL}{reverse('security_txt')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")
