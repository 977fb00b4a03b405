"""R47: the shop goes on while its cache server is away."""

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
