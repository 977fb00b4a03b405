"""R47: the shop goes on while its cache server is away."""

import socket
import subprocess
import sys

from django.conf import settings
from django.core.cache import caches
from django.test import Client, override_settings
import pytest

GONE = {
    "default": {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": "redis://127.0.0.1:1/0",
    }
}


@pytest.mark.django_db
@override_settings(CACHES=GONE)
@pytest.mark.parametrize("path", ["/", "/basket/", "/account/login/", "/orders/no-such-link/"])
def test_pages_answer_without_the_cache_server(client: Client, path: str) -> None:
    caches["default"].set("key", "value")

    assert settings.DJANGO_REDIS_IGNORE_EXCEPTIONS
    assert caches["default"].get("key") is None
    assert client.get(path).status_code in {200, 404}


def test_a_cache_server_that_hangs_is_not_waited_for() -> None:
    """Production's own settings, against a server that takes the call and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        code = (
            "import os, time\n"
            f"os.environ.update(CACHE_URL={url!r}, GALEA_ENV_FILE=os.devnull)\n"
            "os.environ['DJANGO_SETTINGS_MODULE'] = 'storefront.settings.base'\n"
            "from django.core.cache import cache\n"
            "cache.get('warm up')\n"
            "begun = time.monotonic()\n"
            "assert cache.get('key') is None\n"
            "print(time.monotonic() - begun)\n"
        )
        run = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
        )

    assert float(run.stdout) < 0.5
