"""The proxies in deploy/ let through whatever the shop itself allows, and say in words what not."""

import re
from pathlib import Path

from django.conf import settings
import pytest

from checkout.returns import files

DEPLOY = Path(settings.BASE_DIR) / "deploy"
# A form has some words beside its files, and a line before each of them.
BESIDE = 100_000
NGINX = (DEPLOY / "nginx/galea.conf").read_text()
CADDY = (DEPLOY / "caddy/Caddyfile").read_text()


@pytest.mark.parametrize(
    ("where", "allowed"),
    [
        ("/return/$", files.MOST_PHOTOS * files.MOST_PHOTO_BYTES),
        ("/admin/", settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE),
    ],
)
def test_an_allowed_file_reaches_the_shop(where: str, allowed: int) -> None:
    after_nginx = NGINX.split(f"{where} {{", 1)[1]
    after_caddy = CADDY.split(where if where.endswith("$") else f"handle {where}*", 1)[1]

    nginx = re.search(r"client_max_body_size (\d+)m;", after_nginx)
    caddy = re.search(r"max_size (\d+)MB", after_caddy)

    assert nginx
    assert caddy
    assert int(nginx[1]) * 1024**2 > allowed + BESIDE
    assert int(caddy[1]) * 1000**2 > allowed + BESIDE


def test_what_is_too_much_is_refused_in_words() -> None:
    assert "error_page 413 @too_much;" in NGINX
    assert "handle_errors 413 {" in CADDY
