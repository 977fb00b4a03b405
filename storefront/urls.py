"""Every address of the shop, the fixed ones first; the page tree answers the rest."""

from django.conf import settings
from django.urls import URLPattern, include, path, re_path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents.views import serve as documents

from catalog import feeds
from storefront import demo_codes, demo_mail, health, llms, sign_in, sitemaps
from storefront.account import calendar, statements, wishes
from storefront.media import show_upload
from storefront.search import views as search
from storefront.site_pages import serve_page

# One page signs people in and opens accounts; allauth's others lead there.
sign_in_here = RedirectView.as_view(pattern_name="account_login", query_string=True)

account_urls = [
    path("login/", sign_in.SignInView.as_view(), name="account_login"),
    path("login/code/", sign_in_here, name="account_request_login_code"),
    path(
        "login/code/confirm/",
        sign_in.ConfirmCodeView.as_view(),
        name="account_confirm_login_code",
    ),
    path("signup/", sign_in_here, name="account_signup"),
    path("logout/", sign_in.SignOutView.as_view(), name="account_logout"),
    path("password/reset/", sign_in.ResetView.as_view(), name="account_reset_password"),
    path("second-factor/", include("storefront.second_factor.urls")),
    path("", include("allauth.account.urls")),
]

# Wagtail's own pattern takes numbers of any length, which Python refuses to read.
document_urls = [
    re_path(r"^([0-9]{1,18})/(.*)$", documents.serve, name="wagtaildocs_serve"),
    path(
        "authenticate_with_password/<int:restriction_id>/",
        documents.authenticate_with_password,
        name="wagtaildocs_authenticate_with_password",
    ),
]

demo_urls: list[URLPattern] = [
    path("demo/mail/", demo_mail.outbox, name="demo_mail"),
    path("demo/mail/<slug:key>/", demo_mail.outbox, name="demo_mail_message"),
    path("demo/mail/<slug:key>/html/", demo_mail.message_html, name="demo_mail_html"),
    path("demo/codes/", demo_codes.codes_of_staff, name="demo_codes"),
]

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("robots.txt", sitemaps.robots_txt, name="robots_txt"),
    path("feeds/products.xml", feeds.merchant_feed, name="merchant_feed"),
    path("feeds/products.json", feeds.agent_feed, name="agent_feed"),
    path("llms.txt", llms.llms_txt, name="llms_txt"),
    path("sitemap.xml", sitemaps.sitemap, name="sitemap"),
    path("sitemap-<int:number>.xml", sitemaps.sitemap_part, name="sitemap_part"),
    path(".well-known/security.txt", sitemaps.security_txt, name="security_txt"),
    path(".well-known/galea-statement-keys.json", statements.keys, name="statement_keys"),
    path("search/", search.results_page, name="search"),
    path("search/suggest/", search.suggestions, name="search_suggestions"),
    path("search/asked/", search.note_asked, name="search_asked"),
    # Wagtail's own doors count no wrong passwords.
    path("admin/login/", sign_in_here),
    path("_util/login/", sign_in_here),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(document_urls)),
    path("account/", include(account_urls)),
    path("account/", include("storefront.account.urls")),
    path("aftercare/stop/<str:token>/", wishes.stop_by_link, name="stop_aftercare"),
    path("calendar/<str:token>.ics", calendar.feed, name="aftercare_calendar"),
    path("", include("blog.comments.urls")),
    path("", include("catalog.urls")),
    path("", include("checkout.urls")),
    path("", include("blog.urls")),
    *(demo_urls if settings.DEMO else []),
    *([path("mail-events/", include("anymail.urls"))] if settings.EMAIL_PROVIDER else []),
    *([path("media/<path:path>", show_upload)] if settings.SERVE_MEDIA else []),
    # All of Wagtail's own but the last, which is ours.
    *wagtail_urls.urlpatterns[:-1],
    re_path(wagtail_urls.serve_pattern, serve_page, name="wagtail_serve"),
]
