"""Form fields for what one stranger says to another: nothing in it can be clicked on."""

import re
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

# What mail programs turn into a link: a dot with letters right after it, or a scheme.
_LINK: Final = re.compile(r"://|\w\.[^\W\d_]{2,}")
_NO_LINKS: Final = "Please write it without web addresses, and with a space after every full stop."


class PlainWordsField(forms.CharField):
    """Takes words without a link in them."""

    def clean(self, value: Any) -> Any:
        words = super().clean(value)
        if _LINK.search(words):
            raise ValidationError(_NO_LINKS)
        return words


class PlainNameField(PlainWordsField):
    """Takes a name without a link in it, and hands it on as one line."""

    def clean(self, value: Any) -> Any:
        return " ".join(super().clean(value).split())


class MessageField(PlainWordsField):
    """Asks for a few words to somebody, which nobody has to write."""

    widget = forms.Textarea

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label="A few words from you (optional)",
            required=False,
            help_text="Plain text, without web addresses.",
            **kwargs,
        )

    def widget_attrs(self, widget: forms.Widget) -> Any:
        return {**super().widget_attrs(widget), "rows": 4}
