from django.core.exceptions import ValidationError
import pytest

from storefront.blocks import LinkBlock, is_safe_address


@pytest.mark.parametrize(
    ("address", "is_safe"),
    [
        ("/shop/", True),
        ("https://example.com/", True),
        ("mailto:hello@galea.example", True),
        ("tel:+49301234", True),
        ("//evil.example", False),
        ("/\\evil.example", False),
        ("javascript:alert(1)", False),
        ("http://example.com/", False),
        ("data:text/html,x", False),
        ("shop/", False),
    ],
)
def test_only_addresses_that_do_no_harm_are_links(address: str, is_safe: bool) -> None:
    assert is_safe_address(address) is is_safe


@pytest.mark.parametrize(
    "value",
    [
        {"title": "Shop", "page": None, "url": ""},
        {"title": "Shop", "page": None, "url": "javascript:alert(1)"},
        {"title": "", "page": None, "url": "/shop/"},
    ],
)
def test_a_link_that_leads_nowhere_or_says_nothing_is_refused(value: dict[str, object]) -> None:
    block = LinkBlock()

    with pytest.raises(ValidationError):
        block.clean(block.to_python(value))
