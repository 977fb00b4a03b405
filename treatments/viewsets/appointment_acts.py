"""What the desk does with an appointment: a small form each, that makes one call."""

import datetime as dt
from typing import Any, Final

from django import forms
from django.utils import timezone
from wagtail.admin.widgets import AdminDateTimeInput

from accounts.models import User
from cms.verb_view import VerbView
from treatments import appointments, ledger
from treatments.models import Appointment, DayPart, Practitioner

# Where the clinic has said nothing else, a form begins with these.
_BEGINS: Final = {
    DayPart.MORNING: dt.time(9, 30),
    DayPart.AFTERNOON: dt.time(14, 0),
    DayPart.EVENING: dt.time(18, 0),
}
SUGGESTIONS: Final = ("first", "second", "third")


class AnswerForm(forms.Form):
    """Answers what was seen: `seen` counts the changes that it had had by then."""

    seen = forms.IntegerField(min_value=0, max_value=32_767, widget=forms.HiddenInput)

    def __init__(self, *args: Any, row: Appointment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row = row
        self.fields["seen"].initial = row.changes


class ConfirmForm(AnswerForm):
    """When, and with whom."""

    starts_at = forms.DateTimeField(label="Begins", widget=AdminDateTimeInput)
    practitioner = forms.ModelChoiceField(
        Practitioner.objects.active(), required=False, empty_label="not said"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts_at"].initial = self.row.starts_at or first_wish(self.row)
        givers: Any = self.fields["practitioner"]
        givers.queryset = Practitioner.objects.giving(self.row.session_pass.treatment_id)


class SuggestForm(AnswerForm):
    """Up to three times, and a sentence."""

    first = forms.DateTimeField(label="Time", widget=AdminDateTimeInput)
    second = forms.DateTimeField(label="Or", required=False, widget=AdminDateTimeInput)
    third = forms.DateTimeField(label="Or", required=False, widget=AdminDateTimeInput)
    sentence = forms.CharField(
        max_length=300, required=False, help_text="The customer reads it. May be empty."
    )


class SentenceForm(AnswerForm):
    sentence = forms.CharField(
        max_length=300, help_text="The customer reads it in a mail: why, and what they can do."
    )


class AppointmentActView(VerbView):
    """One answer; the appointment is shown again, and its history names what was done."""

    model = Appointment
    permission_required = "answer"
    header_icon = "calendar-alt"
    refusals = (appointments.AppointmentRefused, ledger.PassRefused)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "row": self.object}

    def said(self, data: dict[str, Any], *, by: User, at: dt.datetime) -> dict[str, Any]:
        """Return what every verb asks for."""
        seen = data["seen"]
        return {"appointment_id": self.object.pk, "seen_changes": seen, "by": by, "at": at}


class ConfirmView(AppointmentActView):
    form_class = ConfirmForm
    page_title = "Confirm"
    log_action = "treatments.appointment.confirm"
    done_message = "Confirmed. The customer gets a mail with a file for their calendar."

    def act(self, data: dict[str, Any], *, by: User, at: dt.datetime) -> None:
        practitioner = data["practitioner"]
        appointments.confirm(
            starts_at=data["starts_at"],
            practitioner_id=practitioner.pk if practitioner else None,
            **self.said(data, by=by, at=at),
        )


class SuggestView(AppointmentActView):
    form_class = SuggestForm
    page_title = "Suggest other times"
    log_action = "treatments.appointment.suggest"
    done_message = "Suggested. The customer chooses on their own page."

    def act(self, data: dict[str, Any], *, by: User, at: dt.datetime) -> None:
        appointments.suggest(
            times=[data[name] for name in SUGGESTIONS if data[name] is not None],
            sentence=data["sentence"],
            **self.said(data, by=by, at=at),
        )


class DeclineView(AppointmentActView):
    form_class = SentenceForm
    page_title = "Decline"
    log_action = "treatments.appointment.decline"
    done_message = "Declined. The customer is told, and the session is free again."

    def act(self, data: dict[str, Any], *, by: User, at: dt.datetime) -> None:
        said = self.said(data, by=by, at=at)
        appointments.decline(sentence=data["sentence"], **said)


class CallOffView(AppointmentActView):
    form_class = SentenceForm
    page_title = "Cancel"
    log_action = "treatments.appointment.cancel"
    done_message = "Cancelled. The customer is told, and the session is free again."

    def act(self, data: dict[str, Any], *, by: User, at: dt.datetime) -> None:
        said = self.said(data, by=by, at=at)
        appointments.call_off(sentence=data["sentence"], **said)


def first_wish(row: Appointment) -> dt.datetime | None:
    """Return a moment in the first part of a day that was asked for."""
    wish = row.days.filter(starts_at=None).first()
    if wish is None:
        return None
    begins = _BEGINS[DayPart(wish.part)]
    return timezone.make_aware(dt.datetime.combine(wish.on, begins))


ACTS: Final[tuple[tuple[str, type[AppointmentActView]], ...]] = (
    ("confirm", ConfirmView),
    ("suggest", SuggestView),
    ("decline", DeclineView),
    ("cancel", CallOffView),
)
