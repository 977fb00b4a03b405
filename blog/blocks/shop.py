"""What the shop sells, inside an article: always with today's price, or not at all."""

from typing import Any

from django.utils import timezone
from wagtail import blocks

from blog import shop_cards
from blog.blocks.pages import PageNumberBlock, number_of
from cms.visible import public


class ShopCardBlock(blocks.StructBlock):
    """A page that sells; its card is found among those that the article read together."""

    note = blocks.CharBlock(
        required=False,
        max_length=200,
        label="Why it is here",
        help_text="One line above the card. Say what it is for, and promise nothing.",
    )

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        """Add ``sold``, the card with what can be bought; none while nothing can be."""
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        cards = (parent_context or {}).get("shop_cards", {})
        context["sold"] = cards.get(number_of(value.get("page")))
        return context

    def get_preview_value(self) -> Any:
        """Choose a page that is for sale now."""
        kind = self.child_blocks["page"].model_class
        first = public(kind.objects.order_by("path")).values_list("pk", flat=True).first()
        return self.normalize({"page": first, "note": "For the first days, when less is more."})

    def get_preview_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        """Add the card, as an article does."""
        context: dict[str, Any] = super().get_preview_context(value, parent_context)
        number = number_of(value.get("page"))
        request = context.get("request")
        cards = shop_cards.load([number] if number else [], timezone.now(), request=request)
        return context | {"shop_cards": cards}


class ProductCardBlock(ShopCardBlock):
    """A product with its sizes, prices and stock as they are now."""

    page = PageNumberBlock(page_type="catalog.ProductPage", label="Product")

    class Meta:
        group = "From the shop and the clinic"
        icon = "tag"
        label = "Product"
        description = "A product with today's price and stock; hidden while it is not for sale."
        template = "blocks/product_card_block.html"


class PackageCardBlock(ShopCardBlock):
    """A package with its numbers of sessions and prices as they are now."""

    page = PageNumberBlock(page_type="catalog.PackagePage", label="Package")

    class Meta:
        group = "From the shop and the clinic"
        icon = "calendar-check"
        label = "Package"
        description = "Sessions with today's prices; hidden while the package is not for sale."
        template = "blocks/package_card_block.html"
