"""Blocks that only product pages have."""

from decimal import Decimal

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

    class Meta:
        icon = "list-ul"
        label = "Key ingredient"
        template = "blocks/key_ingredient_block.html"
