"""What staff do with one pass: a small form each, with a reason, that makes one call."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from wagtail.admin.widgets import AdminDateInput

from accounts.models import User
from cms.verb_view import VerbView
from treatments import ledger
from treatments.ledger.redeeming import UNDO_WITHIN
from treatments.models import LedgerEntry, Protocol, SessionPass
from treatments.spacing import clinic_day
from treatments.standing import open_pauses, redemptions, standing_of

# Of sessions or days at once; ten years of days.
MOST = 3660
CLINICAL, ASKED_FOR = "CLINICAL", "ASKED_FOR"
PAUSE_REASONS = {CLINICAL: "Paused by the clinic", ASKED_FOR: "Paused as you asked"}
RESUME_REASONS = {CLINICAL: "Resumed by the clinic", ASKED_FOR: "Resumed as you asked"}


class ActForm(forms.Form):
    """Why it is done, and a token that stands for one press of the button."""

    token = forms.RegexField(r"\A[0-9a-f]{32}\Z", widget=forms.HiddenInput)
    note = forms.CharField(
        label="Why",
        max_length=300,
        help_text="Kept in the ledger for good, sealed; clinicians and managers can read it.",
    )

    def __init__(self, *args: Any, row: SessionPass, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row = row
        self.fields["token"].initial = uuid.uuid4().hex
        self.order_fields([name for name in self.fields if name != "note"])


class PassActView(VerbView):
    """One act; the pass is shown again, and its history names what was done."""

    model = SessionPass
    permission_required = None
    any_permission_required: ClassVar[Sequence[str]]
    page_title: ClassVar[str]
    log_message: ClassVar[str]
    header_icon = "tag"
    done_message = "Done. It stands in the ledger with your reason."
    refusals = (ledger.PassRefused, ledger.ReferenceTaken, ledger.ReasonMissing)

    @classmethod
    def is_open(cls, row: SessionPass, entries: Sequence[LedgerEntry], *, at: dt.datetime) -> bool:  # noqa: ARG003
        """Tell whether there is anything to do it to; the verb itself refuses all the same."""
        return True

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "row": self.object}

    def said(self, data: dict[str, Any], *, by: User, at: dt.datetime) -> dict[str, Any]:
        """Return what every verb asks for."""
        reference = f"{self.log_action.rpartition('.')[2]}:{data['token']}"
        return {"reference": reference, "note": data["note"], "by": by, "at": at}


class PauseForm(ActForm):
    """From which day until which nobody uses the pass."""

    from_on = forms.DateField(label="From", widget=AdminDateInput)
    until_on = forms.DateField(
        label="Until", widget=AdminDateInput, help_text="The first day it can be used again."
    )
    why = forms.ChoiceField(
        label="Who wishes it",
        choices=[(CLINICAL, "The clinic"), (ASKED_FOR, "The customer")],
        widget=forms.RadioSelect,
        initial=CLINICAL,
        help_text="Customers read it on their pass.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["from_on"].initial = clinic_day(timezone.now())


class PauseView(PassActView):
    """Let nobody use the pass for a while; the days are added at its end."""

    any_permission_required: ClassVar = ("override", "adjust")
    form_class = PauseForm
    page_title = "Pause"
    log_action = "treatments.pause"
    log_message = "The pass was paused"

    def act(self, data: dict[str, Any], *, by: User, at: dt.datetime) -> None:
        ledger.pause(
            pass_id=self.object.pk,
            from_on=data["from_on"],
            until_on=data["until_on"],
            reason=PAUSE_REASONS[data["why"]],
            **self.said(data, by=by, at=at),
        )


class PauseChoice(forms.ModelChoiceField[LedgerEntry]):
    """Names a pause by its days."""

    def label_from_instance(self, entry: Any) -> str:
        return f"{entry.from_on:%-d %B %Y} until {entry.until_on:%-d %B %Y}, {entry.reason}"


class ResumeForm(ActForm):
    """Which pause ends, and by whose wish."""

    pause = PauseChoice(LedgerEntry.objects.none(), widget=forms.RadioSelect, empty_label=None)
    why = forms.ChoiceField(
        label="Who wishes it",
        choices=[(CLINICAL, "The clinic"), (ASKED_FOR, "The customer")],
        widget=forms.RadioSelect,
        initial=CLINICAL,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        entries = list(self.row.entries.order_by("pk"))
        found = open_pauses(entries, on=clinic_day(timezone.now()))
        offer(self, "pause", LedgerEntry.objects.filter(pk__in=[each.pk for each in found]))


class ResumeView(PassActView):
    """End one pause today, or call it off."""

    any_permission_required: ClassVar = ("override", "adjust")
    form_class = ResumeForm
    page_title = "End a pause"
    log_action = "treatments.resume"
    log_message = "A pause was ended"

    @classmethod
    def is_open(cls, row: SessionPass, entries: Sequence[LedgerEntry], *, at: dt.datetime) -> bool:  # noqa: ARG003
        return bool(open_pauses(entries, on=clinic_day(at)))

    def act(self, data: dict[str, Any], *, by: User, at: dt.datetime) -> None:
        reason = RESUME_REASONS[data["why"]]
        ledger.resume(pause_id=data["pause"].pk, reason=reason, **self.said(data, by=by, at=at))


class AmountForm(ActForm):
    amount = forms.IntegerField(
        label="Sessions", min_value=-MOST, max_value=MOST, help_text="1 adds one, -1 takes one."
    )


class AdjustView(PassActView):
    """Add sessions, or take them, because something was not written as it was."""

    any_permission_required: ClassVar = ("adjust",)
    form_class = AmountForm
    page_title = "Adjust the balance"
    log_action = "treatments.adjust"
    log_message = "The balance was put right"

    def act(self, data: dict[str, Any], *, by: User, at: dt.datetime) -> None:
        said = self.said(data, by=by, at=at)
        ledger.adjust(pass_id=self.object.pk, sessions=data["amount"], **said)


class DaysForm(ActForm):
    amount = forms.IntegerField(label="Days longer", min_value=1, max_value=MOST)


class ExtendView(PassActView):
    """Move the last day."""

    any_permission_required: ClassVar = ("adjust",)
    form_class = DaysForm
    page_title = "Extend"
    log_action = "treatments.extend"
    log_message = "The last day was moved"

    def act(self, data: dict[str, Any], *, by: User, at: dt.datetime) -> None:
        said = self.said(data, by=by, at=at)
        ledger.extend(pass_id=self.object.pk, days=data["amount"], **said)


class ProtocolForm(ActForm):
    """Which newer version holds from now on."""

    protocol = forms.ModelChoiceField(
        Protocol.objects.none(), widget=forms.RadioSelect, empty_label=None
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "protocol", newer_protocols(self.row, list(self.row.entries.order_by("pk"))))


class ProtocolView(PassActView):
    """Let a newer version of the protocol hold for the pass."""

    any_permission_required: ClassVar = ("override",)
    form_class = ProtocolForm
    page_title = "Apply a newer protocol"
    log_action = "treatments.apply_protocol"
    log_message = "The pass was moved to a newer protocol"

    @classmethod
    def is_open(cls, row: SessionPass, entries: Sequence[LedgerEntry], *, at: dt.datetime) -> bool:  # noqa: ARG003
        return newer_protocols(row, entries).exists()

    def act(self, data: dict[str, Any], *, by: User, at: dt.datetime) -> None:
        said = self.said(data, by=by, at=at)
        ledger.apply_protocol(pass_id=self.object.pk, protocol_id=data["protocol"].pk, **said)


class SessionChoice(forms.ModelChoiceField[LedgerEntry]):
    """Names a session by when it was taken."""

    def label_from_instance(self, entry: Any) -> str:
        return f"{timezone.localtime(entry.happened_at):%-d %B %Y, %H:%M}"


class RestoreForm(ActForm):
    """Which session is put back."""

    entry = SessionChoice(
        LedgerEntry.objects.none(), label="Session", widget=forms.RadioSelect, empty_label=None
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        entries = list(self.row.entries.order_by("pk"))
        fresh = [each.pk for each in fresh_redemptions(entries, at=timezone.now())]
        offer(self, "entry", LedgerEntry.objects.filter(pk__in=fresh))


class RestoreView(PassActView):
    """Put back what was redeemed a moment ago."""

    any_permission_required: ClassVar = ("redeem",)
    form_class = RestoreForm
    page_title = "Put a session back"
    log_action = "treatments.restore"
    log_message = "A session was put back"

    @classmethod
    def is_open(cls, row: SessionPass, entries: Sequence[LedgerEntry], *, at: dt.datetime) -> bool:  # noqa: ARG003
        return bool(fresh_redemptions(entries, at=at))

    def act(self, data: dict[str, Any], *, by: User, at: dt.datetime) -> None:
        # The desk's own button says the same, so that both together put it back once.
        entry = data["entry"]
        said = self.said(data, by=by, at=at) | {"reference": f"undo:{entry.pk}"}
        ledger.restore(entry_id=entry.pk, **said)


def newer_protocols(row: SessionPass, entries: Sequence[LedgerEntry]) -> QuerySet[Protocol]:
    """Return the versions that a pass can be moved to."""
    versions = Protocol.objects.filter(treatment=row.treatment_id).order_by("version")
    held = versions.filter(pk=standing_of(row, entries).protocol_id).first()
    newer: QuerySet[Protocol] = versions.filter(version__gt=held.version) if held else versions
    return newer


def fresh_redemptions(entries: Sequence[LedgerEntry], *, at: dt.datetime) -> list[LedgerEntry]:
    """Return the redemptions that can still be put back."""
    return [each for each in redemptions(entries) if at - each.happened_at <= UNDO_WITHIN]


def offer(form: forms.Form, name: str, rows: QuerySet[Any]) -> None:
    """Let a field of a form choose among rows."""
    field: Any = form.fields[name]
    field.queryset = rows
    first = rows.first()
    field.initial = first.pk if first else None


ACTS: tuple[tuple[str, type[PassActView]], ...] = (
    ("pause", PauseView),
    ("resume", ResumeView),
    ("protocol", ProtocolView),
    ("extend", ExtendView),
    ("adjust", AdjustView),
    ("restore", RestoreView),
)
