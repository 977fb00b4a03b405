"""Blocks that only product pages have."""

from decimal import Decimal
from typing import Any

from wagtail import blocks


class KeyIngredientBlock(blocks.StructBlock):
    """What an ingredient is in there for, and how much of it."""

    name = blocks.CharBlock(max_length=80)
    percent = blocks.DecimalBlock(
        required=False,
        min_value=Decimal(0),
        max_value=Decimal(100),
        decimal_places=2,
        help_text="Percent of the product, where the maker says so.",
    )
    purpose = blocks.CharBlock(max_length=160)

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        """Add ``percent`` as it is written everywhere: “0.5%”, or nothing."""
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        percent = value.get("percent")
        context["percent"] = "" if percent is None else f"{_plain(percent)}%"
        return context

    class Meta:
        icon = "list-ul"
        label = "Key ingredient"
        template = "blocks/key_ingredient_block.html"


def _plain(number: Decimal) -> str:
    """Write a number without needless zeros: “20”, “0.5”."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
