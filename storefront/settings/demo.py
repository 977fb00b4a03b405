"""The demo: everything on this machine, in one folder, with a stand-in instead of Stripe.

`tools/demo.py` writes the environment that this module reads, with secrets made for one install.
"""

from pathlib import Path

from storefront.settings.base import *
from storefront.settings.base import GIFT_CARD_KEY, HEALTH_DATA_KEYS, VAR_DIR, env

DEMO = True
SECRET_KEY = env.str("SECRET_KEY")
HEALTH_DATA_KEYS = HEALTH_DATA_KEYS or [SECRET_KEY]
GIFT_CARD_KEY = GIFT_CARD_KEY or SECRET_KEY
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]

# Static files come straight from the source folders, found once at start.
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 60
SERVE_MEDIA = True

# Each mail is a file, readable at /demo/mail/.
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = env.str("DEMO_MAIL_DIR", default=str(VAR_DIR / "mail"))
Path(EMAIL_FILE_PATH).mkdir(parents=True, exist_ok=True)

STRIPE_SECRET_KEY = env.str("STRIPE_SECRET_KEY", default="sk_test_demo")
STRIPE_API_BASE_EXPECTED = True
