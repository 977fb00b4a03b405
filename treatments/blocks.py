"""The parts of a questionnaire, as clinical staff write them."""

from wagtail import blocks

from treatments.suitability import Outcome


class AnswerBlock(blocks.StructBlock):
    """One answer, what it means, and what the customer reads if it decides."""

    label = blocks.CharBlock(max_length=120, label="Answer")
    means = blocks.ChoiceBlock(choices=Outcome.choices, default=Outcome.CLEAR, label="It means")
    explanation = blocks.TextBlock(
        required=False,
        max_length=600,
        label="Explanation",
        help_text="Kind and plain: why, and what to do instead. Not needed where it means clear.",
    )

    class Meta:
        icon = "circle-check"


class QuestionBlock(blocks.StructBlock):
    """One question with all the answers it takes."""

    code = blocks.RegexBlock(
        r"\A[a-z][a-z0-9-]{0,39}\Z",
        label="Code",
        help_text="Names the question for staff, such as “blood-thinners”.",
        error_messages={"invalid": "Use small letters, digits and hyphens."},
    )
    text = blocks.CharBlock(max_length=300, label="Question")
    answers = blocks.ListBlock(AnswerBlock(), min_num=2, max_num=6, label="Answers")

    class Meta:
        icon = "help"
        label_format = "{text}"
