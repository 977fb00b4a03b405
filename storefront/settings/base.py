"""Settings that hold everywhere; every value a deployment may change is read from the environment.

The README's configuration table lists each variable read here, and a test keeps the two equal.
"""

from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF

from storefront.settings.mail_provider import mail_provider
from storefront.settings.signing_in import *

BASE_DIR = Path(__file__).resolve().parents[2]

env = environ.Env()
env.read_env(env.str("GALEA_ENV_FILE", default=str(BASE_DIR / ".env")))

# Where everything that the shop writes to disk lives: database, uploads, collected files, mail.
VAR_DIR = Path(env.str("GALEA_VAR_DIR", default=str(BASE_DIR / "var")))

DEBUG = False
DEMO = False
SECRET_KEY = env.str("SECRET_KEY", default="")
# Older ones, which still unseal and verify what was sealed and signed with them.
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=[])
SITE_URL = env.str("SITE_URL", default="http://localhost:8000").rstrip("/")
CSRF_TRUSTED_ORIGINS: list[str] = []

INSTALLED_APPS = [
    # From the ground floor up: an app's models may import those of the apps below.
    "freshness",
    "money",
    "accounts",
    "claims",
    "cms",
    "outbox",
    "treatments",
    "catalog",
    "checkout",
    "blog",
    "storefront",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.search_promotions",
    "wagtail.contrib.settings",
    "wagtail.contrib.typed_table_block",
    "wagtail.embeds",
    "wagtail.sites",
    "storefront.staff.apps.StaffConfig",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_tasks",
    "django_tasks_db",
    # For the templates of widgets, so that ours may stand before Wagtail's.
    "django.forms",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    # Before the pages that are kept, so that it sees each of them.
    "storefront.readers.view_log.ViewLogMiddleware",
    # Early, so that a page that was kept costs nothing of what follows.
    "storefront.page_cache.PageCacheMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "storefront.csp.ShopCSPMiddleware",
    "storefront.busy.BusyMiddleware",
    "storefront.broken_forms.BrokenFormMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "storefront.busy.PatientSessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "storefront.csrf.OriginCsrfMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    # Before the screens that ask once more: who has shown nothing is not asked by a password.
    "storefront.second_factor.gate.SecondFactorMiddleware",
    "storefront.grave_screens.GraveScreensMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "storefront.urls"
WSGI_APPLICATION = "storefront.wsgi.application"
AUTH_USER_MODEL = "accounts.User"
DEFAULT_EXCEPTION_REPORTER_FILTER = "storefront.error_reports.NothingTyped"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "storefront.context_processors.shop",
            ],
            "builtins": [
                "money.templatetags.money",
                "cms.templatetags.components",
                "cms.templatetags.kept",
                "storefront.templatetags.arrival",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- Database -----------------------------------------------------------------------------
DATABASES: dict[str, dict[str, Any]] = {
    "default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'galea.sqlite3'}"),
}


def tune_database(database: dict[str, Any]) -> None:
    """Give a database the options that the shop's guarantees rest on."""
    options = database.setdefault("OPTIONS", {})
    # A connection is set up once, not for every request.
    database["CONN_MAX_AGE"] = env.int("DATABASE_CONN_MAX_AGE", default=60)
    if database["ENGINE"] == "django.db.backends.sqlite3":
        # Writers queue instead of failing when a read turns into a write, and a commit
        # survives a power cut.
        options.update(
            transaction_mode="IMMEDIATE",
            timeout=20,
            init_command=(
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
            ),
        )
    else:
        database["CONN_HEALTH_CHECKS"] = True
        options.setdefault(
            "options",
            "-c lock_timeout=3s -c statement_timeout=10s"
            " -c idle_in_transaction_session_timeout=15s",
        )


tune_database(DATABASES["default"])

CACHES: dict[str, dict[str, Any]] = {
    "default": env.cache("CACHE_URL", default="locmemcache://galea"),
}
if CACHES["default"]["BACKEND"].endswith("RedisCache"):
    # This client can do without its server: a page is then built instead of found.
    CACHES["default"]["BACKEND"] = "django_redis.cache.RedisCache"
    # One that hangs costs a page no more than one that is gone.
    CACHES["default"].setdefault("OPTIONS", {}).update(
        SOCKET_CONNECT_TIMEOUT=0.05, SOCKET_TIMEOUT=0.05
    )
DJANGO_REDIS_IGNORE_EXCEPTIONS = True
DJANGO_REDIS_LOG_IGNORED_EXCEPTIONS = True

# Whole pages, kept by each web process; 0 keeps none. The folder holds what all processes of a
# machine share: the head of the log of changes, which nginx looks at too, and newly built pages.
PAGE_CACHE_MB = env.int("PAGE_CACHE_MB", default=16)
PAGES_DIR = VAR_DIR / "pages"

# Which pages were looked at, a line for each, counted by the worker. Where nginx answers most
# visitors by itself it writes the lines, and this names its file; else the shop writes its own.
VIEW_LOG = env.str("VIEW_LOG", default="")

# --- Language and time --------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
TIME_ZONE = env.str("SHOP_TIME_ZONE", default="Europe/Berlin")
USE_TZ = True
USE_I18N = True

# --- Files --------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
# A proxy or a bucket hands out uploads; only development and the demo do it themselves.
SERVE_MEDIA = False
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000  # Wagtail's page editor posts one field per block part.

# --- Wagtail ------------------------------------------------------------------------------
WAGTAIL_SITE_NAME = MFA_TOTP_ISSUER = "Galea"
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAILIMAGES_IMAGE_MODEL = "cms.CustomImage"
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp", "avif"]
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 25_000_000
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 20 * 1024 * 1024
WAGTAILIMAGES_AVIF_QUALITY = 60
# Documents have rules of who may read them: the shop hands them out, never the bucket.
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_EXTENSIONS = ["pdf", "csv", "xlsx", "docx", "txt"]
# An OpenSearch server answers searches when there is one; the database keeps its own index all
# the same, and answers whenever the server does not.
SEARCH_URL = env.str("SEARCH_URL", default="")
_OWN_INDEX = {"BACKEND": "wagtail.search.backends.database", "SEARCH_CONFIG": "english"}


def search_backends(url: str) -> dict[str, dict[str, Any]]:
    """Name the search engines: the database, and before it the server at an address."""
    if not url:
        return {"default": _OWN_INDEX, "database": {**_OWN_INDEX, "AUTO_UPDATE": False}}
    server = {
        "BACKEND": "wagtail.search.backends.opensearch3",
        "URLS": [url],
        "INDEX_PREFIX": "galea_",
        "TIMEOUT": 3,
        "OPTIONS": {"max_retries": 0},
    }
    return {"default": server, "database": _OWN_INDEX}


WAGTAILSEARCH_BACKENDS = search_backends(SEARCH_URL)
# For so many days it is known how often something was looked for.
WAGTAILSEARCH_HITS_MAX_AGE = 90
WAGTAIL_FRONTEND_LOGIN_URL = "/account/login/"
WAGTAILADMIN_LOGIN_URL = "/account/login/"
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
# Addresses and passwords change in the account alone, where a new address has to be proved.
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAILUSERS_PASSWORD_ENABLED = False
# Nothing is embedded, so no other server is asked what an address shows.
WAGTAILEMBEDS_FINDERS: list[dict[str, Any]] = []
WAGTAIL_I18N_ENABLED = False
# What is planned is planned by the shop's clock, whoever plans it.
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]
# An approved article waits for its marketer; other pages are published when their workflow ends.
WAGTAIL_FINISH_WORKFLOW_ACTION = "blog.review.workflow_end.finish"
# What was approved in a workflow before an edit is not approved after it.
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True
# “Sun” and “sun” are one tag, and its address is plain.
TAGGIT_CASE_INSENSITIVE = True
TAGGIT_STRIP_UNICODE_WHEN_SLUGIFYING = True

# --- Sessions -----------------------------------------------------------------------------
SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
BASKET_COOKIE_NAME = "galea_basket"

# --- Headers ------------------------------------------------------------------------------
X_FRAME_OPTIONS = "SAMEORIGIN"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SILENCED_SYSTEM_CHECKS = [
    "security.W003",  # OriginCsrfMiddleware takes the place; storefront.E004 looks for it.
    "security.W019",  # Wagtail's preview shows our own pages in a frame of our own origin.
]

# --- What public texts may say ------------------------------------------------------------
# Which files of claims/packs are read; see docs/claims.md.
CLAIM_PACKS: list[str] = env.list("CLAIM_PACKS", default=["eu_uk", "us_fda", "plain_words"])

# --- Stripe -------------------------------------------------------------------------------
STRIPE_SECRET_KEY = env.str("STRIPE_SECRET_KEY", default="")
STRIPE_WEBHOOK_SECRET = env.str("STRIPE_WEBHOOK_SECRET", default="")
# Empty means Stripe itself; any other server that speaks Stripe's API can stand here.
STRIPE_API_BASE = env.str("STRIPE_API_BASE", default="").rstrip("/")
# Another server is expected in development, demo and tests; elsewhere `check --deploy` objects.
STRIPE_API_BASE_EXPECTED = False
# Where the pages to pay and of saved cards live: a form that leads there must be allowed by our
# own policy.
STRIPE_CHECKOUT_ORIGINS: list[str] = env.list("STRIPE_CHECKOUT_ORIGINS", default=[]) or [
    "https://checkout.stripe.com",
    "https://billing.stripe.com",
]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF, *STRIPE_CHECKOUT_ORIGINS],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# --- The shop -----------------------------------------------------------------------------
SHOP_CURRENCY = env.str("SHOP_CURRENCY", default="EUR")
# "included": prices contain VAT at each offer's own rate. "stripe": Stripe Tax works it out.
SHOP_TAX = env.str("TAX", default="included")

# Of a pass, by its holder, without asking; passes keep what held when they were sold.
SHOP_PASS_PAUSE_DAYS = env.int("SHOP_PASS_PAUSE_DAYS", default=90)
# For how long sessions that were given wait to be accepted, from the day of their mail.
GIFT_DAYS = env.int("GIFT_DAYS", default=30)
# What signs statements of passes: 32 bytes in base64 each, the first signs, the others have.
# Without any, keys are made from SECRET_KEY and those before it.
STATEMENT_KEYS: list[str] = env.list("STATEMENT_KEYS", default=[])

# --- Passes in the wallets of phones: without these files there is no button for them -----------
# Our key, Apple's certificate for it, and Apple's own above it, in one PEM file.
APPLE_WALLET_FILE = env.str("APPLE_WALLET_FILE", default="")
# The issuer's number at Google, and the JSON file of a service account that may sign for it.
GOOGLE_WALLET_ISSUER = env.str("GOOGLE_WALLET_ISSUER", default="")
GOOGLE_WALLET_FILE = env.str("GOOGLE_WALLET_FILE", default="")

# Articles can be read only once a named professional has approved what they say.
ARTICLES_NEED_REVIEW = env.bool("ARTICLES_NEED_REVIEW", default=True)

# Whose films may play inside articles, once a reader has agreed; all others are links.
VIDEO_PLAYERS: list[str] = env.list("VIDEO_PLAYERS", default=["youtube", "vimeo"])

# --- Health data: answers of suitability checks, see docs/suitability.md -----------------------
# The first key seals, all of them unseal.
HEALTH_DATA_KEYS: list[str] = env.list("HEALTH_DATA_KEYS", default=[])
HEALTH_DATA_DAYS = env.int("HEALTH_DATA_DAYS", default=180)

# --- Gift cards: their codes are worked out from it, see docs/gift-cards.md ----------------------
GIFT_CARD_KEY = env.str("GIFT_CARD_KEY", default="")

# --- Comments -----------------------------------------------------------------------------
# Without a key no comment is ever shown to anybody outside.
AKISMET_API_KEY = env.str("AKISMET_API_KEY", default="")
AKISMET_API_BASE = "https://rest.akismet.com"

# --- Mail ---------------------------------------------------------------------------------
EMAIL_CONFIG = env.email("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 10  # Well within the lease of a mail that is being sent.
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Galea <hello@galea.example>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# A mail provider's own interface instead of SMTP; it reports what comes back at /mail-events/.
EMAIL_PROVIDER = env.str("EMAIL_PROVIDER", default="")
if EMAIL_PROVIDER:
    EMAIL_BACKEND = f"anymail.backends.{EMAIL_PROVIDER}.EmailBackend"
    ANYMAIL = mail_provider(
        EMAIL_PROVIDER,
        key=env.str("EMAIL_PROVIDER_KEY", default=""),
        webhook_secret=env.str("EMAIL_WEBHOOK_SECRET", default=""),
    )
# Mail servers think ill of shops that send all at once.
NEWSLETTER_PER_MINUTE = env.int("NEWSLETTER_PER_MINUTE", default=300)

# --- Work in the background ---------------------------------------------------------------
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    # Their everyday lines would drown the shop's own.
    "loggers": {
        name: {"level": "WARNING"}
        for name in (
            "stripe",
            "django_tasks",
            "django_tasks_db",
            "wagtail",
            "opensearch",
            "opensearchpy",
            "fontTools",
            "fpdf",
        )
    },
}
