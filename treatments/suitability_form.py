"""The form of a suitability check: every question of a rule set, and nothing chosen beforehand."""

import datetime as dt
from typing import Any

from django import forms

from treatments.health_data import consent_to_answers, consent_to_words
from treatments.suitability import RuleSet

EARLIEST_BIRTH = dt.date(1900, 1, 1)
_PREFIX = "q-"


class SuitabilityForm(forms.Form):
    """When somebody was born, an answer to every question, and the consent to use them."""

    born_on = forms.DateField(
        label="Your date of birth",
        help_text="We treat adults only.",
        input_formats=["%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y"],
        error_messages={
            "required": "Enter your date of birth.",
            "invalid": "Enter your date of birth, such as 24.11.1988.",
        },
        widget=forms.DateInput(attrs={"type": "date", "autocomplete": "bday"}, format="%Y-%m-%d"),
    )
    consent = forms.BooleanField(
        error_messages={"required": "Without your consent we may not look at your answers."},
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, rule_set: RuleSet, on: dt.date, is_preview: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.rule_set, self.on = rule_set, on
        self.label_suffix = ""
        self.use_required_attribute = False
        for question in rule_set.questions:
            self.fields[_PREFIX + question.code] = forms.ChoiceField(
                label=question.text,
                choices=[(answer.code, answer.label) for answer in question.answers],
                widget=forms.RadioSelect,
                error_messages={"required": "Choose an answer."},
            )
        self.order_fields(["born_on", *(_PREFIX + each.code for each in rule_set.questions)])
        self.fields["consent"].label = consent_to_answers()
        self.fields["version"].initial = rule_set.version
        if is_preview:
            del self.fields["consent"], self.fields["version"]

    @property
    def questions(self) -> list[forms.BoundField]:
        """The fields of the questions, in their order."""
        return [self[_PREFIX + question.code] for question in self.rule_set.questions]

    def clean_born_on(self) -> dt.date:
        born_on: dt.date = self.cleaned_data["born_on"]
        if not EARLIEST_BIRTH <= born_on <= self.on:
            raise forms.ValidationError("Enter your date of birth, such as 24.11.1988.")
        return born_on

    def clean_version(self) -> int:
        version: int = self.cleaned_data["version"]
        if version != self.rule_set.version:
            raise forms.ValidationError("Our questions have changed. Please answer them once more.")
        return version

    def answers(self) -> dict[str, str]:
        """Return the code of the answer to every question, by the question's code."""
        return {
            question.code: self.cleaned_data[_PREFIX + question.code]
            for question in self.rule_set.questions
        }


class ConsultationForm(forms.Form):
    """Who asks to consult first, and what they want to say beyond their answers."""

    name = forms.CharField(
        label="Your name",
        max_length=150,
        error_messages={"required": "Enter your name."},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label="E-mail address",
        max_length=254,
        help_text="We write once a clinician has answered. The mail says nothing of your health.",
        error_messages={
            "required": "Enter your e-mail address.",
            "invalid": "Enter an e-mail address such as name@example.com.",
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = forms.CharField(
        label="Phone (optional)",
        max_length=40,
        required=False,
        help_text="If you would rather be called.",
        widget=forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
    )
    words = forms.CharField(
        label="Anything we should know (optional)",
        max_length=3_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    consent = forms.BooleanField(
        error_messages={"required": "Without your consent we may not read this."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.use_required_attribute = False
        self.fields["consent"].label = consent_to_words()
