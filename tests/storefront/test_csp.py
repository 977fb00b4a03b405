"""R38: pages load nothing but our own files, and no page runs a script that stands in it."""

import re

from django.contrib.auth import get_user_model
from django.test import Client
import pytest

pytestmark = pytest.mark.django_db


def policy_of(client: Client, path: str) -> dict[str, str]:
    header = client.get(path)["Content-Security-Policy"]
    return dict(part.strip().split(" ", 1) for part in header.split(";"))


@pytest.mark.parametrize("path", ["/basket/", "/account/login/", "/no-such-page/"])
def test_public_pages_allow_no_inline_code_and_no_other_origin(client: Client, path: str) -> None:
    policy = policy_of(client, path)

    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["form-action"] == "'self' https://checkout.stripe.com https://billing.stripe.com"
    assert "unsafe" not in str(policy)


def test_the_admin_may_preview_pages_and_runs_no_script_in_a_page(client: Client) -> None:
    user = get_user_model().objects.create_superuser("boss@example.com", "a long password 1")
    client.force_login(user)

    policy = policy_of(client, "/admin/")

    assert policy["script-src"] == "'self'"
    assert policy["frame-src"] == policy["frame-ancestors"] == "'self'"
    assert "unsafe" not in str(policy)


def test_the_admin_s_own_script_may_make_styles_by_a_nonce_of_each_page(client: Client) -> None:
    user = get_user_model().objects.create_superuser("boss@example.com", "a long password 1")
    client.force_login(user)

    answers = [client.get("/admin/") for _ in range(2)]

    nonces = [
        re.findall(r'editor-styles[^"]*\.js" nonce="([^"]+)"', answer.content.decode())
        for answer in answers
    ]
    policies = [answer["Content-Security-Policy"] for answer in answers]
    assert nonces[0] != nonces[1]
    for [nonce], policy in zip(nonces, policies, strict=True):
        assert f"style-src 'self' 'nonce-{nonce}';" in f"{policy};"
