"""Blocks of words."""

from typing import Any, ClassVar

from wagtail import blocks

from cms import rich_text


class RichBlock(blocks.RichTextBlock):
    """Rich text that is cleaned on its way into the database."""

    def get_prep_value(self, value: Any) -> Any:
        stored = super().get_prep_value(value)
        return rich_text.clean(stored) if isinstance(stored, str) else stored


class TextBlock(RichBlock):
    """Running text with headings and lists."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"features": rich_text.BODY_FEATURES, **kwargs})

    class Meta:
        icon = "pilcrow"
        label = "Text"
        description = "Running text with headings, lists and links."
        template = "blocks/text_block.html"
        preview_value = (
            "<h2>What it is</h2><p>Your skin makes new cells all the time. On the scalp, hair and"
            " oil can hold the old ones back.</p><ul><li>They move up.</li><li>They fall off.</li>"
            "</ul>"
        )


class CalloutBlock(blocks.StructBlock):
    """A short note that stands apart from the text."""

    kind = blocks.ChoiceBlock(
        choices=[("note", "Note"), ("tip", "Tip"), ("warning", "Warning")], default="note"
    )
    title = blocks.CharBlock(required=False, max_length=120)
    text = RichBlock(features=rich_text.PARAGRAPH_FEATURES)

    class Meta:
        icon = "info-circle"
        label = "Callout"
        description = "A short note beside the text: something good to know, or a warning."
        template = "blocks/callout_block.html"
        preview_value: ClassVar = {
            "kind": "note",
            "title": "Good to know",
            "text": "<p>Lukewarm water is enough. Hot water dries the skin.</p>",
        }


class FaqItemBlock(blocks.StructBlock):
    question = blocks.CharBlock(max_length=200)
    answer = RichBlock(features=rich_text.PARAGRAPH_FEATURES)

    class Meta:
        icon = "help"
        label = "Question"


class FaqBlock(blocks.StructBlock):
    """Questions that unfold to their answers."""

    title = blocks.CharBlock(required=False, max_length=120, default="Questions and answers")
    questions = blocks.ListBlock(FaqItemBlock(), min_num=1)

    class Meta:
        icon = "help"
        label = "Questions and answers"
        description = "Questions that unfold to their answers."
        template = "blocks/faq_block.html"
        preview_value: ClassVar = {
            "title": "Questions and answers",
            "questions": [
                {"question": "Does it hurt?", "answer": "<p>Most people feel a light rub.</p>"},
                {"question": "Must I cut my hair?", "answer": "<p>No.</p>"},
            ],
        }


class QuoteBlock(blocks.StructBlock):
    """What somebody said, and who."""

    quote = blocks.TextBlock(max_length=600)
    attribution = blocks.CharBlock(required=False, max_length=120)
    role = blocks.CharBlock(required=False, max_length=120)

    class Meta:
        icon = "openquote"
        label = "Quote"
        description = "What somebody said, and who."
        template = "blocks/quote_block.html"
        preview_value: ClassVar = {
            "quote": "If a wash stings, it is the wrong wash.",
            "attribution": "Tomasz Lind",
            "role": "Scalp therapist",
        }
