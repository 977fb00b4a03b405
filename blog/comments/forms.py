"""What readers fill in: a comment, a private question, a report."""

import re
import unicodedata
from typing import Any, Final

from django import forms

from blog.models.comments import ReportReason
from blog.models.private_questions import CONSENT
from cms.card_numbers import refuse_card_number

LONGEST_TEXT: Final = 5_000
_BLANKS: Final = re.compile(r"\s+")
# What turns the direction of the words around it, or joins and hides letters.
_UNSEEN: Final = {"Cc", "Cf", "Cs", "Co"}
_KEPT: Final = frozenset("\n\u200d\ufe0f")  # Line ends; joined emoji.


def without_unseen(text: str) -> str:
    """Take out signs that nobody sees but that change what everybody reads."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "".join(
        sign for sign in plain if sign in _KEPT or unicodedata.category(sign) not in _UNSEEN
    )


class WrittenForm(forms.Form):
    """Somebody's name, address and words."""

    name = forms.CharField(
        label="Name",
        max_length=80,
        help_text="Shown with your comment. It need not be your full name.",
        error_messages={"required": "Enter a name."},
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )
    email = forms.EmailField(
        label="E-mail address",
        max_length=254,
        help_text="Never shown to anybody who reads here.",
        error_messages={
            "required": "Enter your e-mail address.",
            "invalid": "Enter an e-mail address such as name@example.com.",
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    text = forms.CharField(
        label="Comment",
        max_length=LONGEST_TEXT,
        error_messages={
            "required": "Write something first.",
            "max_length": f"Please stay within {LONGEST_TEXT:,} characters.",
        },
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    # Nobody sees this field; robots fill in what they find.
    homepage = forms.CharField(
        label="Leave this field empty",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "comment-%s")
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        # The browser would refuse without a word what the page explains.
        self.use_required_attribute = False

    def clean_name(self) -> str:
        name = _BLANKS.sub(" ", without_unseen(self.cleaned_data["name"])).strip()
        if not name:
            raise forms.ValidationError("Enter a name.")
        refuse_card_number(name)
        return name

    def clean_text(self) -> str:
        text = without_unseen(self.cleaned_data["text"]).strip()
        if not text:
            raise forms.ValidationError("Write something first.")
        refuse_card_number(text)
        return text

    def clean_homepage(self) -> str:
        if self.cleaned_data["homepage"]:
            raise forms.ValidationError("Please leave this field empty: it catches robots.")
        return ""


class CommentForm(WrittenForm):
    wants_replies = forms.BooleanField(
        label="Write to me when somebody replies",
        required=False,
        help_text="We first ask this address whether it wants that.",
    )


class PrivateQuestionForm(WrittenForm):
    """The same words for the clinic alone, with a consent of their own."""

    consent = forms.BooleanField(
        label=CONSENT,
        error_messages={"required": "Please agree, or post a comment without health details."},
    )


class ReportForm(forms.Form):
    reason = forms.ChoiceField(
        label="What is wrong with it?",
        choices=ReportReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what is wrong with it."},
    )
    note = forms.CharField(
        label="Anything to add? (optional)",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "report-%s")
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.use_required_attribute = False

    def clean_note(self) -> str:
        note = without_unseen(self.cleaned_data["note"]).strip()
        refuse_card_number(note)
        return note
