"""Blocks that tell a reader what to do."""

from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks

from cms import rich_text
from cms.blocks.text import RichBlock


class StepBlock(blocks.StructBlock):
    title = blocks.CharBlock(max_length=120)
    text = RichBlock(features=rich_text.PARAGRAPH_FEATURES, required=False)

    class Meta:
        icon = "list-ol"
        label = "Step"


class StepsBlock(blocks.StructBlock):
    """What happens, or what to do, one after the other."""

    title = blocks.CharBlock(required=False, max_length=120)
    steps = blocks.ListBlock(StepBlock(), min_num=1)

    class Meta:
        icon = "list-ol"
        label = "Steps"
        template = "blocks/steps_block.html"


class DoDontBlock(blocks.StructBlock):
    """Two lists side by side: what to do and what to leave alone."""

    title = blocks.CharBlock(required=False, max_length=120)
    do = blocks.ListBlock(blocks.CharBlock(max_length=200), label="Do", default=[])
    dont = blocks.ListBlock(blocks.CharBlock(max_length=200), label="Do not", default=[])

    class Meta:
        icon = "tick"
        label = "Do and do not"
        template = "blocks/do_dont_block.html"

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if not cleaned["do"] and not cleaned["dont"]:
            raise blocks.StructBlockValidationError(
                non_block_errors=[ValidationError("Add at least one thing to do or not to do.")]
            )
        return cleaned


class CareCardBlock(blocks.StructBlock):
    """When to ask somebody qualified, and how soon."""

    level = blocks.ChoiceBlock(
        choices=[
            ("non_urgent", "Ask the clinic, a pharmacist or a GP"),
            ("urgent", "Ask for an urgent appointment"),
            ("emergency", "Call emergency services"),
        ],
        default="non_urgent",
    )
    title = blocks.CharBlock(max_length=120)
    text = RichBlock(features=rich_text.PARAGRAPH_FEATURES)

    class Meta:
        icon = "warning"
        label = "Care card"
        template = "blocks/care_card_block.html"
