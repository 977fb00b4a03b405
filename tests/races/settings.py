"""The shop as production runs it, on a database, an address and a Stripe of a test's choosing."""

import os

from storefront.settings.test import *
from storefront.settings.test import DATABASES, INSTALLED_APPS, env, tune_database

INSTALLED_APPS = [*INSTALLED_APPS, "tests.races", "tests.crash"]

DATABASES["default"] = env.db_url_config(os.environ["RACE_DATABASE_URL"])
tune_database(DATABASES["default"])
if "options" in DATABASES["default"]["OPTIONS"]:
    # Who waits in a queue of 64 is not to be sent away because the machine is slow today.
    DATABASES["default"]["OPTIONS"]["options"] += " -c lock_timeout=60s -c statement_timeout=90s"
else:
    DATABASES["default"]["OPTIONS"]["timeout"] = 60

SITE_URL = os.environ.get("RACE_SITE_URL", "http://127.0.0.1")
STRIPE_API_BASE = os.environ.get("RACE_STRIPE_URL", "http://127.0.0.1:1")
STRIPE_WEBHOOK_SECRET = "whsec_races"  # pragma: allowlist secret


class _TablesFromModels(dict[str, None]):
    """Builds tables from models: the migrations make the same ones in half a minute."""

    def __contains__(self, _label: object) -> bool:
        return True

    def __getitem__(self, _label: str) -> None:
        return None


MIGRATION_MODULES = _TablesFromModels()
