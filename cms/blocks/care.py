"""Blocks that tell a reader what to do."""

from typing import Any, ClassVar

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
        description = "What to do, one after the other."
        template = "blocks/steps_block.html"
        preview_value: ClassVar = {
            "title": "The four-minute wash",
            "steps": [
                {"title": "Wet", "text": "<p>Lukewarm, for a minute.</p>"},
                {"title": "Massage", "text": "<p>With fingertips, not with nails.</p>"},
            ],
        }


class DoDontBlock(blocks.StructBlock):
    """Two lists side by side: what to do and what to leave alone."""

    title = blocks.CharBlock(required=False, max_length=120)
    do = blocks.ListBlock(blocks.CharBlock(max_length=200), label="Do", default=[])
    dont = blocks.ListBlock(blocks.CharBlock(max_length=200), label="Do not", default=[])

    class Meta:
        icon = "check"
        label = "Do and do not"
        description = "Two lists side by side: what to do, and what to leave alone."
        template = "blocks/do_dont_block.html"
        preview_value: ClassVar = {
            "title": "",
            "do": ["Wear a hat.", "Wash with lukewarm water."],
            "dont": ["Scratch.", "Use hot tools."],
        }

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
        description = "When to ask somebody qualified, and how soon."
        template = "blocks/care_card_block.html"
        preview_value: ClassVar = {
            "level": "urgent",
            "title": "See a doctor the same day",
            "text": "<p>if you have a fever, or if the skin is hot, swollen or weeping.</p>",
        }
