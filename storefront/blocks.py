"""The parts that the shop's navigation is made of."""

from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from wagtail import blocks


class Link(NamedTuple):
    """A link with its words, ready for a template."""

    title: str
    url: str


class LinkBlock(blocks.StructBlock):
    """A link to a page of the shop or to an address."""

    title = blocks.CharBlock(
        required=False, max_length=60, help_text="Without it the page's own title is shown."
    )
    page = blocks.PageChooserBlock(required=False)
    url = blocks.CharBlock(
        required=False, max_length=300, label="Address", help_text="Such as /shop/ or https://…"
    )

    class Meta:
        icon = "link"
        label = "Link"

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        errors: dict[str, ValidationError] = {}
        url = cleaned["url"]
        if bool(cleaned["page"]) == bool(url):
            errors["page"] = ValidationError("Choose a page or type an address: one of the two.")
        if url and not is_safe_address(url):
            errors["url"] = ValidationError("An address starts with / or https://.")
        if url and not cleaned["title"]:
            errors["title"] = ValidationError("An address needs words to show.")
        if errors:
            raise blocks.StructBlockValidationError(block_errors=errors)
        return cleaned


class FooterGroupBlock(blocks.StructBlock):
    """A heading in the footer with its links."""

    title = blocks.CharBlock(max_length=60)
    links = blocks.ListBlock(LinkBlock(), min_num=1)

    class Meta:
        icon = "list-ul"
        label = "Group of links"


def is_safe_address(url: str) -> bool:
    """Whether a link may lead there: a path of the shop, or a web, mail or phone address."""
    is_own_path = url.startswith("/") and not url.startswith(("//", "/\\"))
    return is_own_path or url.startswith(("https://", "mailto:", "tel:"))
